/** Texts and keys of Python in the words of tfjs: `channels_last` is `channelsLast`. */
export function camelCase(text: string): string {
  return text.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase())
}
