import { describe, expect, it } from 'vitest'
import { factorise, invert, solve } from '../../src/criteria/cholesky.js'
import { randomValues } from '../support/weights.js'

/** B B^T + I for a random B: condition number of a few times the size. */
function positiveDefinite(size: number, seed = 1): Float64Array {
  const b = randomValues(size * size, seed)
  const matrix = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = Number(i === j)
      for (let k = 0; k < size; k++) sum += b[i * size + k]! * b[j * size + k]!
      matrix[i * size + j] = sum
    }
  }
  return matrix
}

const times = (matrix: Float64Array, x: ArrayLike<number>) => {
  const size = x.length
  return Float64Array.from({ length: size }, (_, i) => {
    return matrix
      .subarray(i * size, (i + 1) * size)
      .reduce((sum, value, k) => sum + value * x[k]!, 0)
  })
}

const furthest = (got: ArrayLike<number>, wanted: ArrayLike<number>) =>
  Math.max(...Array.from(got, (value, i) => Math.abs(value - wanted[i]!)))

// Around the four rows that are taken at once.
const SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 66]

describe('factorise and solve', () => {
  it('factorise leaves L with 1 / L_ii on the diagonal: worked out by hand', () => {
    // L = [[2], [1, 3], [-2, 0, 1]]
    const matrix = Float64Array.of(4, 9, 9, 2, 10, 9, -4, -2, 5)
    expect(factorise(matrix, 3)).toBe(true)
    expect([0, 3, 4, 6, 7, 8].map((i) => matrix[i]!)).toEqual([1 / 2, 1, 1 / 3, -2, 0, 1])
  })

  it.each(SIZES)('solve finds x of a x = b for %d rows', (size) => {
    const matrix = positiveDefinite(size)
    const x = Float64Array.from(randomValues(size, 2))
    const b = times(matrix, x)
    const factor = matrix.slice()
    expect(factorise(factor, size)).toBe(true)
    solve(factor, size, b)
    expect(furthest(b, x)).toBeLessThan(1e-12)
  })

  it.each([
    ['a negative eigenvalue', [1, 2, 2, 1]],
    ['a row that is twice another', [1, 2, 2, 4]],
    ['only zeros', [0, 0, 0, 0]],
    ['a negative diagonal', [-1, 0, 0, 1]],
    ['NaN', [1, Number.NaN, Number.NaN, 1]],
    ['infinity', [1, 0, 0, Number.POSITIVE_INFINITY]],
  ])('factorise turns down a matrix with %s', (_, values) => {
    expect(factorise(Float64Array.from(values), 2)).toBe(false)
    expect(invert(Float64Array.from(values), 2)).toBe(false)
  })

  it('factorise turns down what rows before explain up to the tolerance', () => {
    // The first row leaves 1e-6 of the second diagonal element.
    const nearly = () => Float64Array.of(1, 1, 1, 1 / (1 - 1e-6))
    expect(factorise(nearly(), 2, 0.9e-6)).toBe(true)
    expect(factorise(nearly(), 2, 1.1e-6)).toBe(false)
  })

  it('factorise finds a dependent row in any place', () => {
    for (let dependent = 1; dependent < 9; dependent++) {
      const matrix = positiveDefinite(9)
      // Row and column `dependent` become those of row 0.
      for (let k = 0; k < 9; k++) matrix[dependent * 9 + k] = matrix[k]!
      for (let k = 0; k < 9; k++) matrix[k * 9 + dependent] = matrix[k * 9]!
      expect(factorise(matrix, 9, 1e-12)).toBe(false)
    }
  })
})

describe('invert', () => {
  it.each(SIZES)('invert writes both triangles of the inverse of %d rows', (size) => {
    const matrix = positiveDefinite(size, 3)
    const inverse = matrix.slice()
    expect(invert(inverse, size)).toBe(true)
    for (let i = 0; i < size; i++) {
      const one = Float64Array.from({ length: size }, (_, k) => Number(k === i))
      expect(furthest(times(matrix, inverse.subarray(i * size, (i + 1) * size)), one)).toBeLessThan(
        1e-12,
      )
      for (let j = 0; j < i; j++) expect(inverse[i * size + j]).toBe(inverse[j * size + i])
    }
  })

  it('invert reads the lower triangle alone', () => {
    const matrix = positiveDefinite(6)
    const lower = matrix.map((value, at) => (at % 6 > Math.floor(at / 6) ? Number.NaN : value))
    const [first, second] = [matrix.slice(), lower.slice()]
    expect([invert(first, 6), invert(second, 6)]).toEqual([true, true])
    expect(second).toEqual(first)
  })

  it('invert keeps its digits on a badly conditioned matrix: the Hilbert matrix of 5 rows', () => {
    const hilbert = Float64Array.from(
      { length: 25 },
      (_, at) => 1 / (Math.floor(at / 5) + (at % 5) + 1),
    )
    expect(invert(hilbert, 5)).toBe(true)
    // The inverse has whole numbers, the largest 179,200; its condition number is 4.8e5.
    const wanted = [25, -300, 1050, -1400, 630]
    expect(furthest(hilbert.subarray(0, 5), wanted)).toBeLessThan(1e-7)
  })
})
