/** An error of the call itself, such as a value that an option does not take. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}
