import { elementwise } from '../../network/elementwise.js'
import type { Merge } from '../../network/network.js'
import type { ElementLoops, Rows } from './element-loops.js'
import { plainCell } from './plain-cells.js'

/** Changes a row in place: its elements lie `step` apart. */
type ChangeRow = (floats: Float32Array, first: number, step: number) => void

const joins: Readonly<Record<Merge['of'], (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  average: (a, b) => a + b,
  multiply: (a, b) => a * b,
  maximum: Math.max,
  minimum: Math.min,
  subtract: (a, b) => a - b,
}

/** Runs so long are copied as one. */
const LONG = 32

/** The loops in JavaScript, on the floats of a memory. */
export function plainLoops(floatsOf: () => Float32Array): ElementLoops {
  const eachRow =
    ({ rows, length, lanes }: Rows, change: ChangeRow) =>
    (at: number) => {
      const floats = floatsOf()
      for (let row = 0; row < rows; row++) {
        for (let lane = 0; lane < lanes; lane++)
          change(floats, at / 4 + row * length * lanes + lane, lanes)
      }
    }
  return {
    activate: (operation) => {
      const change = elementwise(operation)
      return ({ from, to, length }) => {
        const floats = floatsOf()
        const shift = (to - from) / 4
        const end = from / 4 + length
        for (let i = from / 4; i < end; i++) floats[i + shift] = change(floats[i]!)
      }
    },
    parametricRelu:
      (alpha, lanes) =>
      ({ from, to }) => {
        const floats = floatsOf()
        let [i, out] = [from / 4, to / 4]
        for (const factor of alpha) {
          for (let lane = 0; lane < lanes; lane++, i++, out++) {
            const x = floats[i]!
            floats[out] = x > 0 ? x : x * factor
          }
        }
      },
    softmax: ({ log, ...rows }) => eachRow(rows, log ? logSoftmaxRow(rows) : softmaxRow(rows)),
    normaliseRows: ({ epsilon, factors, terms, ...rows }) =>
      eachRow(rows, (floats, first, step) => {
        const { length } = rows
        let mean = 0
        for (let i = 0; i < length; i++) mean += floats[first + i * step]!
        mean /= length
        let variance = 0
        for (let i = 0; i < length; i++) variance += (floats[first + i * step]! - mean) ** 2
        const scale = 1 / Math.sqrt(variance / length + epsilon)
        for (let i = 0; i < length; i++) {
          const at = first + i * step
          floats[at] = (floats[at]! - mean) * scale * factors[i]! + terms[i]!
        }
      }),
    join: (of) => {
      const join = joins[of]
      return ({ a, b, out, length }) => {
        const floats = floatsOf()
        const [i, j, k] = [a / 4, b / 4, out / 4]
        for (let n = 0; n < length; n++) floats[k + n] = join(floats[i + n]!, floats[j + n]!)
      }
    },
    spread:
      (table, lanes) =>
      ({ from, to }) => {
        const floats = floatsOf()
        for (let i = 0; i < table.length; i++) {
          const [a, b] = [to / 4 + i * lanes, from / 4 + table[i]! * lanes]
          for (let lane = 0; lane < lanes; lane++) floats[a + lane] = floats[b + lane]!
        }
      },
    joinSpread: (of, { table, lanes }) => {
      const join = joins[of]
      return ({ from, to }) => {
        const floats = floatsOf()
        for (let i = 0; i < table.length; i++) {
          const [a, b] = [to / 4 + i * lanes, from / 4 + table[i]! * lanes]
          for (let lane = 0; lane < lanes; lane++)
            floats[a + lane] = join(floats[a + lane]!, floats[b + lane]!)
        }
      }
    },
    divide:
      (by) =>
      ({ at, length }) => {
        const floats = floatsOf()
        for (let i = at / 4; i < at / 4 + length; i++) floats[i]! /= by
      },
    copy: ({ from, to, length }) => {
      floatsOf().copyWithin(to / 4, from / 4, from / 4 + length)
    },
    move:
      ({ starts, length, lanes }) =>
      ({ from, to }) => {
        const floats = floatsOf()
        const run = length * lanes
        let out = to / 4
        for (const start of starts) {
          const at = from / 4 + start * lanes
          if (start < 0) floats.fill(0, out, out + run)
          else if (run > LONG) floats.copyWithin(out, at, at + run)
          else for (let i = 0; i < run; i++) floats[out + i] = floats[at + i]!
          out += run
        }
      },
    cell: (operation) => plainCell(operation, floatsOf),
  }
}

const largestOf = (floats: Float32Array, first: number, end: number, step: number) => {
  let largest = -Infinity
  for (let i = first; i < end; i += step) largest = Math.max(largest, floats[i]!)
  return largest
}

const softmaxRow =
  ({ length }: Rows): ChangeRow =>
  (floats, first, step) => {
    const end = first + length * step
    const largest = largestOf(floats, first, end, step)
    let total = 0
    for (let i = first; i < end; i += step) {
      const power = Math.exp(floats[i]! - largest)
      total += power
      floats[i] = power
    }
    for (let i = first; i < end; i += step) floats[i]! /= total
  }

const logSoftmaxRow =
  ({ length }: Rows): ChangeRow =>
  (floats, first, step) => {
    const end = first + length * step
    const largest = largestOf(floats, first, end, step)
    let total = 0
    for (let i = first; i < end; i += step) {
      total += Math.exp(floats[i]! - largest)
      floats[i]! -= largest
    }
    const logarithm = Math.log(total)
    for (let i = first; i < end; i += step) floats[i]! -= logarithm
  }
