import {
  add,
  backend,
  customGrad,
  engine,
  type GradSaveFunc,
  mul,
  neg,
  sub,
  sum,
  type Tensor,
  unstack,
} from '@tensorflow/tfjs-core'
import { slopeSumsCode } from '../code/slope-sums-code.js'
import { indexOf, type WasmBackend, zeros } from '../engine/backend.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'
import { rowsAtOnce } from '../engine/rows-at-once.js'

const known = new WeakMap<Engine, Compiled>()

function codeOf(engine: Engine): Compiled {
  const found = known.get(engine)
  if (found) return found
  const compiled: Compiled = Object.assign(
    {},
    ...slopeSumsCode.map((code) => engine.compile!(code)),
  )
  known.set(engine, compiled)
  return compiled
}

/**
 * The sums of dy and of dy (x - mean) over all axes but the last, in one pass. dy and x are of shape
 * [..., channels], mean and both sums of [channels]. Undefined where there is no such pass: without
 * SIMD, for another dtype than float32, or without values.
 */
export function slopeSums(
  dy: Tensor,
  x: Tensor,
  mean: Tensor,
): readonly [ofDy: Tensor, ofBoth: Tensor] | undefined {
  const fits = [dy, x, mean].every(({ dtype, size }) => dtype === 'float32' && size > 0)
  if (!fits || !engineOf(backend() as WasmBackend).compile) return undefined
  const axes = x.shape.slice(1).map((_, axis) => axis)
  const run = customGrad<Tensor>((...given) => {
    const [dy, x, mean] = given as [Tensor, Tensor, Tensor]
    const save = given.at(-1) as unknown as GradSaveFunc
    save([dy, x, mean])
    const gradFunc = (dSums: Tensor, saved: Tensor[]) => {
      const [dy, x, mean] = saved as [Tensor, Tensor, Tensor]
      const [ofDy, ofBoth] = unstack(dSums) as [Tensor, Tensor]
      return [
        add(ofDy, mul(ofBoth, sub(x, mean))),
        mul(dy, ofBoth),
        neg(mul(ofBoth, sum(dy, axes))),
      ]
    }
    return { value: addUp(dy, x, mean), gradFunc }
  })
  return unstack(run(dy, x, mean)) as [Tensor, Tensor]
}

/** Both sums, as [2, channels]. */
function addUp(dy: Tensor, x: Tensor, mean: Tensor): Tensor {
  const wasm = backend() as WasmBackend
  const channels = mean.size
  const rows = x.size / channels
  const out = zeros(wasm, [2, channels])
  const places = [dy, x, mean, out].map((each) => indexOf(wasm, each) * 4)
  const [ofDy, ofX, ofMean, sums] = places as [number, number, number, number]
  const compiled = codeOf(engineOf(wasm))
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
      compiled[`slopeSums${size}`]!(count, groups, channels * 4, ...read, ...written)
      first += groups * size
    }
  }
  return engine().makeTensorFromTensorInfo(out)
}
