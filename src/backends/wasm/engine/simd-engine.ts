import { assemble, type WasmFunction } from '../../../internal/assembler.js'
import { biasAdditions } from '../code/add-bias-code.js'
import { rowCopy } from '../code/copy-code.js'
import { correlations } from '../code/correlation-code.js'
import { panels } from '../code/gemm-code.js'
import { keepSixteens } from '../code/keep-only-code.js'
import { maxPools } from '../code/max-pool-code.js'
import { tapSums } from '../code/tap-sum-code.js'
import { transposeBlocks } from '../code/transpose-code.js'
import type { WasmModule } from './backend.js'
import type {
  Compiled,
  Engine,
  Gemm,
  GemmPlaces,
  MaxPool,
  MaxPoolPlaces,
  TapSum,
} from './engine.js'
import { keepEach } from './plain-engine.js'
import { transpose } from './transpose.js'

type Loop = Compiled[string]

/**
 * Loops of 128-bit SIMD instructions that work in place on the backend's memory. Undefined where
 * the memory is out of reach or the host has no SIMD.
 */
export function simdEngine(wasm: WasmModule): Engine | undefined {
  const memory = wasm.wasmMemory ?? wasm.asm?.memory
  if (memory?.buffer !== wasm.HEAPU8.buffer) return undefined
  const shared = !(memory.buffer instanceof ArrayBuffer)
  // One module each: browsers compile no more than 4 kB at once on the main thread.
  const assembled = (code: WasmFunction) => assemble([code], { shared })
  const modules = [
    ...panels,
    ...maxPools,
    ...correlations,
    ...tapSums,
    ...biasAdditions,
    keepSixteens,
    rowCopy,
    transposeBlocks,
  ].map(assembled)
  if (!modules.every((module) => WebAssembly.validate(module))) return undefined
  const compile = (module: Uint8Array<ArrayBuffer>) =>
    new WebAssembly.Instance(new WebAssembly.Module(module), { host: { memory } })
      .exports as unknown as Compiled
  const compiled: Compiled = Object.assign({}, ...modules.map(compile))
  const floats = () => new Float32Array(wasm.HEAPU8.buffer)
  return {
    simd: true,
    threads: shared,
    gemm: gemm(compiled),
    maxPool: maxPool(compiled),
    transpose: transposeMatrix(compiled, floats),
    copyRows: copyRows(compiled),
    addBias: addBias(compiled),
    correlate: correlate(compiled),
    sumTaps: sumTaps(compiled),
    keepOnly: keepOnly(compiled, floats),
    compile: (code) => compile(assembled(code)),
  }
}

// The calls are spelled out without spreads: they are hot.

function gemm({ panel16, panel8, panel4, panel1 }: Compiled): Engine['gemm'] {
  const run = (panel: Loop, work: Gemm, { a, b, c }: GemmPlaces) => {
    const { rows, outer, middle, inner, rowStep, outerStep, middleStep, innerStep, bStep, cStep } =
      work
    const [row, i, j, k, add] = [
      rowStep * 4,
      outerStep * 4,
      middleStep * 4,
      innerStep * 4,
      work.accumulate ? 1 : 0,
    ]
    panel(rows, outer, middle, inner, a * 4, row, i, j, k, b * 4, bStep * 4, c * 4, cStep * 4, add)
  }
  return (work, { a, b, c }) => {
    let n = 0
    for (; n + 16 <= work.columns; n += 16) run(panel16!, work, { a, b: b + n, c: c + n })
    for (; n + 8 <= work.columns; n += 8) run(panel8!, work, { a, b: b + n, c: c + n })
    for (; n + 4 <= work.columns; n += 4) run(panel4!, work, { a, b: b + n, c: c + n })
    for (; n < work.columns; n++) run(panel1!, work, { a, b: b + n, c: c + n })
  }
}

function maxPool({ maxPool4, maxPool1 }: Compiled): Engine['maxPool'] {
  // `done` channels of a pixel come before those of this run, `ours` channels are in it.
  const run = (
    code: Loop,
    work: MaxPool,
    { x, y, dy, dx, done, ours }: MaxPoolPlaces & { done: number; ours: number },
  ) => {
    const { windows, channels, height, width, rowStep, windowStep } = work
    const groups = code === maxPool4 ? ours / 4 : ours
    const [xAt, yAt, dyAt, dxAt] = [
      (x + done) * 4,
      (y + done) * 4,
      (dy + done) * 4,
      (dx + done) * 4,
    ]
    const [xStep, yStep] = [(windowStep - ours) * 4, (channels - ours) * 4]
    code(
      windows,
      groups,
      height,
      width,
      xAt,
      yAt,
      dyAt,
      dxAt,
      rowStep * 4,
      channels * 4,
      xStep,
      yStep,
    )
  }
  return (work, { x, y, dy, dx }) => {
    const whole = work.channels - (work.channels % 4)
    if (whole > 0) run(maxPool4!, work, { x, y, dy, dx, done: 0, ours: whole })
    if (whole < work.channels)
      run(maxPool1!, work, { x, y, dy, dx, done: whole, ours: work.channels - whole })
  }
}

function transposeMatrix(compiled: Compiled, floats: () => Float32Array): Engine['transpose'] {
  return (matrix, places) => {
    const { rows, columns } = matrix
    const [tall, wide] = [Math.floor(rows / 4), Math.floor(columns / 4)]
    if (tall * wide > 0)
      compiled.transpose!(tall, wide, places.from * 4, places.to * 4, columns * 4, rows * 4)
    if (rows % 4 > 0) transpose(floats(), { matrix, top: tall * 4, left: 0 }, places)
    if (columns % 4 > 0) transpose(floats(), { matrix, top: 0, left: wide * 4 }, places)
  }
}

function copyRows(compiled: Compiled): Engine['copyRows'] {
  return ({ rows, length, fromStep, toStep }, { from, to }) =>
    compiled.copyRows!(rows, length * 4, from * 4, to * 4, fromStep * 4, toStep * 4)
}

function addBias({ addBias4, addBias1 }: Compiled): Engine['addBias'] {
  return ({ rows, columns }, { x, bias, out }) => {
    const rest = columns % 4
    const whole = columns - rest
    if (whole > 0) addBias4!(rows, whole / 4, x * 4, bias * 4, out * 4, rest * 4)
    if (rest > 0)
      addBias1!(rows, rest, (x + whole) * 4, (bias + whole) * 4, (out + whole) * 4, whole * 4)
  }
}

function keepOnly({ keepSixteens }: Compiled, floats: () => Float32Array): Engine['keepOnly'] {
  return (length, { values, mask, out }) => {
    const rest = length % 16
    const whole = length - rest
    if (whole > 0) keepSixteens!(whole / 16, values * 4, mask, out * 4)
    if (rest > 0)
      keepEach(floats(), rest, { values: values + whole, mask: mask + whole, out: out + whole })
  }
}

type Grouped = (code: Loop, groups: number, first: number) => void

/** Shares out channels among the loops of 16, 4 and 1 of them at once. */
function inGroups(compiled: Compiled, name: string): (channels: number, run: Grouped) => void {
  const loops = [16, 4, 1].map((size) => ({ size, code: compiled[name + size]! }))
  return (channels, run) => {
    let first = 0
    for (const { size, code } of loops) {
      const groups = Math.floor((channels - first) / size)
      if (groups > 0) run(code, groups, first * 4)
      first += groups * size
    }
  }
}

function correlate(compiled: Compiled): Engine['correlate'] {
  const share = inGroups(compiled, 'correlation')
  return ({ channels, outer, inner, xOuter, xInner, yOuter, yInner }, { x, y, out }) =>
    share(channels, (code, groups, first) => {
      const [xAt, yAt, outAt] = [x * 4 + first, y * 4 + first, out * 4 + first]
      const [xO, xI, yO, yI] = [xOuter * 4, xInner * 4, yOuter * 4, yInner * 4]
      code(groups, outer, inner, xAt, xO, xI, yAt, yO, yI, outAt)
    })
}

function sumTaps(compiled: Compiled): Engine['sumTaps'] {
  const share = inGroups(compiled, 'tapSum')
  return (work: TapSum, { x, filter, out }) =>
    share(work.channels, (code, groups, first) => {
      const { rows, columns, outer, inner, outRow, outColumn } = work
      const x4 = [x * 4 + first, work.xRow * 4, work.xColumn * 4, work.xOuter * 4, work.xInner * 4]
      const filter4 = [filter * 4 + first, work.filterOuter * 4, work.filterInner * 4]
      const out4 = [out * 4 + first, outRow * 4, outColumn * 4]
      code(groups, rows, columns, outer, inner, ...x4, ...filter4, ...out4)
    })
}
