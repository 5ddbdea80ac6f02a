import type { LogRows } from '../../training/log-rows.js'

/** Probabilities of the classes in float64, one row a sample: exp(z_k) / sum of exp(z_j). */
export function softmaxRows({ values, classes }: LogRows): Float64Array {
  const probabilities = new Float64Array(values.length)
  for (let begin = 0; begin < values.length; begin += classes) {
    const row = values.subarray(begin, begin + classes)
    const largest = row.reduce((a, b) => Math.max(a, b))
    const exponentials = row.map((value) => Math.exp(value - largest))
    const sum = exponentials.reduce((a, b) => a + b)
    exponentials.forEach((value, k) => {
      probabilities[begin + k] = value / sum
    })
  }
  return probabilities
}
