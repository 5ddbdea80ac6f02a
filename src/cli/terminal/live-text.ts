/** Lines on a terminal that are drawn anew in their place. */
export interface LiveText {
  readonly draw: (text: string) => void
  /** Takes the lines away. */
  readonly clear: () => void
}

/** A place for lines below all that was written before. No line may be longer than the terminal. */
export function liveText(terminal: NodeJS.WritableStream): LiveText {
  let lines = 0
  const back = () => (lines > 0 ? `\x1b[${lines}F\x1b[0J` : '')
  return {
    draw: (text) => {
      terminal.write(`${back()}${text}\n`)
      lines = text.split('\n').length
    },
    clear: () => {
      terminal.write(back())
      lines = 0
    },
  }
}
