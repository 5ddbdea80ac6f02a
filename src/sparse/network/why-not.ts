/** Why a model is left to tfjs, in the words of the error that it would be. */
export function whyNot(error: unknown): string {
  const { message } = error as Error
  return `no compiled network: ${message.replace(/^Cannot [^:]*: /, '')}`
}
