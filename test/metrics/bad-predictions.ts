import { expect, it } from 'vitest'

/** Tests that a metric of two lists of predictions rejects lists that are none. */
export function itRejectsBadPredictions(
  name: string,
  [first, second]: readonly [string, string],
  measure: (labels: number[], first: number[], second: number[]) => unknown,
) {
  const cannot = `Cannot compute ${name}: expected`

  it(`${name} rejects lists of different lengths, empty ones, and what is no list`, () => {
    const unlike = new TypeError(`${cannot} as many ${second} predictions as labels, got 1 for 2`)
    expect(() => measure([0, 1], [0, 1], [0])).toThrow(unlike)
    expect(() => measure([], [], [])).toThrow(
      new RangeError(`${cannot} at least one sample, got none`),
    )
    const none = new TypeError(`${cannot} an array of ${first} predictions, got undefined`)
    expect(() => measure([0], undefined as unknown as number[], [0])).toThrow(none)
  })

  it(`${name} rejects labels and predictions that are no class index`, () => {
    for (const bad of [-1, 0.5, Number.NaN]) {
      const label = new RangeError(`${cannot} label 1 to be a class index, got ${bad}`)
      expect(() => measure([0, bad], [0, 1], [0, 1])).toThrow(label)
      const prediction = new RangeError(
        `${cannot} ${second} prediction 1 to be a class index, got ${bad}`,
      )
      expect(() => measure([0, 1], [0, 1], [0, bad])).toThrow(prediction)
    }
    const text = new TypeError(`${cannot} ${first} prediction 0 to be a class index, got 1`)
    expect(() => measure([0, 1], ['1' as unknown as number, 1], [0, 1])).toThrow(text)
  })
}
