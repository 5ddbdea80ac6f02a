import { assemble } from './assembler.js'
import type { WasmModule } from './backend.js'
import { correlations } from './correlation-code.js'
import type { Correlation, Engine, Gemm, MaxPoolRow } from './engine.js'
import { panels } from './gemm-code.js'
import { maxPoolRows } from './max-pool-code.js'

type Compiled = (...parameters: number[]) => void

/**
 * Loops of 128-bit SIMD instructions that work in place on the backend's memory. Undefined where the memory is out of
 * reach or the host has no SIMD.
 */
export function simdEngine(wasm: WasmModule): Engine | undefined {
  const memory = wasm.wasmMemory ?? wasm.asm?.memory
  if (memory?.buffer !== wasm.HEAPU8.buffer) return undefined
  const shared = !(memory.buffer instanceof ArrayBuffer)
  // One module each: browsers compile no more than 4 kB at once on the main thread.
  const modules = [...panels, ...maxPoolRows, ...correlations].map((code) => assemble([code], { shared }))
  if (!modules.every((module) => WebAssembly.validate(module))) return undefined
  const compile = (module: Uint8Array<ArrayBuffer>) =>
    new WebAssembly.Instance(new WebAssembly.Module(module), { host: { memory } }).exports
  const compiled: Record<string, Compiled> = Object.assign({}, ...modules.map(compile))
  return {
    fast: !shared, // with threads, the backend's own kernels use all cores
    gemm: gemm(compiled),
    maxPoolRow: maxPoolRow(compiled),
    correlate: correlate(compiled),
  }
}

function gemm({ panel8, panel4, panel1 }: Record<string, Compiled>): Engine['gemm'] {
  const run = (panel: Compiled, work: Gemm, column: number) => {
    const { rows, outer, middle, inner, a, rowStep, outerStep, middleStep, innerStep, b, bStep, c, cStep } = work
    const steps = [rowStep * 4, outerStep * 4, middleStep * 4, innerStep * 4] as const
    panel(rows, outer, middle, inner, a * 4, ...steps, (b + column) * 4, bStep * 4, (c + column) * 4, cStep * 4)
  }
  return (work) => {
    let column = 0
    for (; column + 8 <= work.columns; column += 8) run(panel8!, work, column)
    for (; column + 4 <= work.columns; column += 4) run(panel4!, work, column)
    for (; column < work.columns; column++) run(panel1!, work, column)
  }
}

function maxPoolRow({ maxPoolRow4, maxPoolRow1 }: Record<string, Compiled>): Engine['maxPoolRow'] {
  const run = (code: Compiled, work: MaxPoolRow, [from, groups, lanes]: readonly [number, number, number]) => {
    const { windows, channels, height, width, x, y, dy, dx, rowStep, windowStep } = work
    const done = groups * lanes
    const places = [(x + from) * 4, (y + from) * 4, (dy + from) * 4, (dx + from) * 4] as const
    code(windows, groups, height, width, ...places, rowStep * 4, channels * 4, (windowStep - done) * 4, (channels - done) * 4)
  }
  return (work) => {
    const groups = Math.floor(work.channels / 4)
    const rest = work.channels - groups * 4
    if (groups > 0) run(maxPoolRow4!, work, [0, groups, 4])
    if (rest > 0) run(maxPoolRow1!, work, [groups * 4, rest, 1])
  }
}

function correlate({ correlation4, correlation1 }: Record<string, Compiled>): Engine['correlate'] {
  const run = (code: Compiled, work: Correlation, [from, groups]: readonly [number, number]) => {
    const { outer, inner, x, xOuter, xInner, y, yOuter, yInner, out } = work
    const xSteps = [(x + from) * 4, xOuter * 4, xInner * 4] as const
    const ySteps = [(y + from) * 4, yOuter * 4, yInner * 4] as const
    code(groups, outer, inner, ...xSteps, ...ySteps, (out + from) * 4)
  }
  return (work) => {
    const groups = Math.floor(work.channels / 4)
    const rest = work.channels - groups * 4
    if (groups > 0) run(correlation4!, work, [0, groups])
    if (rest > 0) run(correlation1!, work, [groups * 4, rest])
  }
}
