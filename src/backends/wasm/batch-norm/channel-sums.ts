import { backend, engine, getBackend, type Tensor } from '@tensorflow/tfjs-core'
import { channelSumsCode, type Summed } from '../code/channel-sums-code.js'
import { indexOf, type WasmBackend, zeros } from '../engine/backend.js'
import { compiledOnce } from '../engine/compiled-once.js'
import { engineOf } from '../engine/engine-of.js'
import { rowsAtOnce } from '../engine/rows-at-once.js'

/** Whether the backend in use has the pass for tensors: with SIMD, for float32, with values. */
export function canSum(tensors: readonly Tensor[]): boolean {
  const fits = tensors.every(({ dtype, size }) => dtype === 'float32' && size > 0)
  return fits && getBackend() === 'wasm' && engineOf(backend() as WasmBackend).compile !== undefined
}

interface Summands {
  /** `[..., channels]`; needed for the sums of slopes. */
  readonly dy?: Tensor
  /** `[..., channels]`. */
  readonly x: Tensor
  /** `[channels]`. */
  readonly mean: Tensor
}

/**
 * Two sums a channel in one pass, `[2, channels]`: those of v and of v (x - mean), where v is dy, or
 * x - mean itself. No gradient sees it.
 */
export function channelSums(summed: Summed, { x, mean, dy = x }: Summands): Tensor {
  const wasm = backend() as WasmBackend
  const channels = mean.size
  const rows = x.size / channels
  const out = zeros(wasm, [2, channels])
  const places = [dy, x, mean, out].map((each) => indexOf(wasm, each) * 4)
  const [ofDy, ofX, ofMean, sums] = places as [number, number, number, number]
  const compiled = compiledOnce(engineOf(wasm), summed, () => channelSumsCode(summed))
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - row)
    const from = row * channels * 4
    let first = 0
    for (const size of [16, 4, 1]) {
      const groups = Math.floor((channels - first) / size)
      if (groups === 0) continue
      const at = first * 4
      const read = [ofDy + from + at, ofX + from + at, ofMean + at]
      const written = [sums + at, sums + channels * 4 + at]
      compiled[`${summed}${size}`]!(count, groups, channels * 4, ...read, ...written)
      first += groups * size
    }
  }
  return engine().makeTensorFromTensorInfo(out)
}
