// Symmetric positive definite matrices on the host: square, row-major, float64, changed in place.
// All loops run over dot products of stretches of rows, one row with four, so that a row comes out
// of memory once for four.

const ROWS = 4

/**
 * Cholesky factor of a symmetric matrix, of which the lower triangle is read: L with a = L L^T
 * takes its place, on the diagonal 1 / L_ii.
 *
 * @param tolerance Least share of a diagonal element that the rows before may leave of it.
 * @returns Whether the matrix is positive definite; if not, its values are of no use.
 */
export function factorise(a: Float64Array, size: number, tolerance = 0): boolean {
  const sums = new Float64Array(ROWS)
  for (let i = 0; i < size; i += ROWS) {
    const count = Math.min(ROWS, size - i)
    for (let j = 0; j < i; j++) {
      dots(a, { of: i * size, step: size, with: j * size, length: j, count }, sums)
      for (let r = 0; r < count; r++) {
        const at = (i + r) * size + j
        a[at] = (a[at]! - sums[r]!) * a[j * size + j]!
      }
    }
    for (let row = i; row < i + count; row++) {
      for (let j = i; j <= row; j++) {
        const at = row * size + j
        const rest = a[at]! - dot(a, row * size, j * size, j)
        if (j < row) a[at] = rest * a[j * size + j]!
        // False for NaN and infinity too.
        else if (rest > tolerance * a[at]!) a[at] = 1 / Math.sqrt(rest)
        else return false
      }
    }
  }
  return true
}

/** Solves a x = b for the factor that {@link factorise} leaves; x takes the place of b. */
export function solve(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let rest = b[i]!
    for (let k = 0, at = i * size; k < i; k++, at++) rest -= factor[at]! * b[k]!
    b[i] = rest * factor[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    const x = b[i]! * factor[i * size + i]!
    b[i] = x
    for (let k = 0, at = i * size; k < i; k++, at++) b[k]! -= factor[at]! * x
  }
}

/**
 * Inverse of a symmetric matrix in its place, both triangles; false and of no use if it is not
 * positive definite.
 */
export function invert(a: Float64Array, size: number, tolerance = 0): boolean {
  if (!factorise(a, size, tolerance)) return false
  invertFactor(a, size)
  multiplyFactor(a, size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) a[j * size + i] = a[i * size + j]!
  }
  return true
}

/** Writes U = L^-T above the diagonal, which it shares with L. */
function invertFactor(a: Float64Array, size: number): void {
  const sums = new Float64Array(ROWS)
  for (let i = 0; i < size; i += ROWS) {
    const count = Math.min(ROWS, size - i)
    for (let j = 0; j < i + count; j++) {
      const start = j * size + j
      dots(a, { of: i * size + j, step: size, with: start, length: i - j, count }, sums)
      for (let row = Math.max(i, j + 1); row < i + count; row++) {
        const k = Math.max(i, j)
        const rest = dot(a, row * size + k, j * size + k, row - k)
        a[j * size + row] = -(sums[row - i]! + rest) * a[row * size + row]!
      }
    }
  }
}

/** Writes the lower triangle of U U^T over L. */
function multiplyFactor(a: Float64Array, size: number): void {
  const sums = new Float64Array(ROWS)
  for (let i = 0; i < size; i += ROWS) {
    const count = Math.min(ROWS, size - i)
    for (let row = i; row < size; row++) {
      const ours = Math.min(count, row - i + 1)
      dots(
        a,
        { of: i * size + row, step: size, with: row * size + row, length: size - row, count: ours },
        sums,
      )
      for (let r = 0; r < ours; r++) a[row * size + i + r] = sums[r]!
    }
  }
}

interface Dots {
  /** Where the first of the rows begins, and how far on the next. */
  readonly of: number
  readonly step: number
  /** Where the row begins that each is multiplied with. */
  readonly with: number
  readonly length: number
  readonly count: number
}

/** Dot products of one row with up to four. */
function dots(
  a: Float64Array,
  { of, step, with: other, length, count }: Dots,
  sums: Float64Array,
): void {
  if (count < ROWS) {
    for (let r = 0; r < count; r++) sums[r] = dot(a, of + r * step, other, length)
    return
  }
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  const [i1, i2, i3] = [of + step, of + 2 * step, of + 3 * step]
  for (let k = 0; k < length; k++) {
    const x = a[other + k]!
    s0 += a[of + k]! * x
    s1 += a[i1 + k]! * x
    s2 += a[i2 + k]! * x
    s3 += a[i3 + k]! * x
  }
  sums[0] = s0
  sums[1] = s1
  sums[2] = s2
  sums[3] = s3
}

function dot(a: Float64Array, i: number, j: number, length: number): number {
  let sum = 0
  for (let k = 0; k < length; k++) sum += a[i + k]! * a[j + k]!
  return sum
}
