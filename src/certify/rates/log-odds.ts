import type { LogRows } from '../../training/log-rows.js'

/** Log-odds of one class in each row: z_k - log(sum of exp(z_j) of the others). */
export function logOdds({ values, classes }: LogRows, index: number): Float64Array {
  return Float64Array.from({ length: values.length / classes }, (_, i) => {
    const others = values.slice(i * classes, (i + 1) * classes).filter((_, k) => k !== index)
    const largest = others.reduce((a, b) => Math.max(a, b))
    const sum = others.reduce((total, value) => total + Math.exp(value - largest), 0)
    return values[i * classes + index]! - largest - Math.log(sum)
  })
}
