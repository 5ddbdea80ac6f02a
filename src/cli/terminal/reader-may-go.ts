/** Lets the reader of a stream close it before its end, as `head` does: the rest is read by nobody. */
export function readerMayGo(stream: NodeJS.WritableStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}
