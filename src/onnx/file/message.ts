import { PbfWriter } from 'pbf'

/** Writes a message of protocol buffers. */
export type Write<T> = (value: T, writer: PbfWriter) => void

/** Writes a list of messages, each as a field of this number. */
export function writeAll<T>(
  writer: PbfWriter,
  field: number,
  { all, write }: { readonly all: Iterable<T>; readonly write: Write<T> },
): void {
  for (const one of all) writer.writeMessage(field, write, one)
}

/** A writer with room for that many bytes, so that it need not grow. */
export function writerFor(bytes: number): PbfWriter {
  return new PbfWriter(new Uint8Array(bytes))
}
