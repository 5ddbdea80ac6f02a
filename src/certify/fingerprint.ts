/** A weight as a fingerprint reads it. */
export interface FingerprintedWeight {
  /** The name in a file. */
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array | Uint8Array
}

/**
 * 16 hexadecimal digits of the names, shapes and values of weights, in any order of the weights: a
 * MurmurHash3 with two seeds. -0 counts as +0, as files store it. It finds mix-ups and is no
 * signature: who wants to can make other weights with the same digits.
 *
 * @see Appleby: MurmurHash3. 2011, https://github.com/aappleby/smhasher
 */
export function fingerprintOf(weights: readonly FingerprintedWeight[]): string {
  const byName = [...weights].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
  const state: State = { first: 0x9747b28c, second: 0x3c6ef372, words: 0 }
  for (const { name, shape, values } of byName) {
    for (const word of [...wordsOf(name), shape.length, ...shape, values.length]) mix(state, word)
    mixValues(state, values)
  }
  return [state.first, state.second]
    .map((hash) =>
      finished(hash ^ state.words)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
}

interface State {
  first: number
  second: number
  words: number
}

function* wordsOf(text: string): Iterable<number> {
  yield text.length
  for (let i = 0; i < text.length; i++) yield text.charCodeAt(i)
}

function mixValues(state: State, values: FingerprintedWeight['values']): void {
  const { buffer, byteOffset, length } = values
  const words = values instanceof Float32Array ? new Int32Array(buffer, byteOffset, length) : values
  const negativeZero = values instanceof Float32Array ? -0x8000_0000 : undefined
  for (let i = 0; i < length; i++) {
    const word = words[i]!
    mix(state, word === negativeZero ? 0 : word)
  }
}

function mix(state: State, word: number): void {
  const scrambled = Math.imul(rotated(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
  state.first = (Math.imul(rotated(state.first ^ scrambled, 13), 5) + 0xe6546b64) | 0
  state.second = (Math.imul(rotated(state.second ^ scrambled, 17), 5) + 0x85ebca6b) | 0
  state.words = (state.words + 1) | 0
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

function finished(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
