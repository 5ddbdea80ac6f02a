import {
  backend as backendInUse,
  engine,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { WasmFunction } from '../../../internal/assembler.js'
import type { FusedStep } from '../../../updates/fused-step.js'
import { type FusedUpdates, type KeptGradients, takeStepWith } from '../../../updates/take-step.js'
import { type ElementUpdate, sumSquares, updateElements } from '../../../updates/update-elements.js'
import { sumSquaresCode } from '../code/sum-squares-code.js'
import { MOST_NUMBERS, updateCode } from '../code/update-code.js'
import { type WasmBackend, withScratch, zeros } from '../engine/backend.js'
import { compiledOnce } from '../engine/compiled-once.js'
import type { Compiled, Engine } from '../engine/engine.js'
import { engineOf } from '../engine/engine-of.js'

type Loop = Compiled[string]

/** A loop of an engine, compiled when it is first asked for. */
const loopOf = (owner: Engine, key: string, code: () => WasmFunction): Loop =>
  Object.values(compiledOnce(owner, `update ${key}`, () => [code()]))[0]!

/** The heap, and where tensors lie in it; one of another backend would make it grow. */
function heapOf(backend: WasmBackend, { gradients, mask }: KeptGradients, others: TensorInfo[]) {
  for (const one of [gradients, mask, ...others]) if (one) backend.dataIdMap.get(one.dataId)
  const { buffer } = backend.wasm.HEAPU8
  const address = (one: TensorInfo | undefined) =>
    one ? backend.dataIdMap.get(one.dataId).memoryOffset : 0
  const floats = (one: TensorInfo, from: number, length: number) =>
    new Float32Array(buffer, address(one) + 4 * from, length)
  /** The gradients from an element on, and those of them that are kept. */
  const kept = ({ gradients, mask, places }: KeptGradients, from: number) => {
    const length = gradients.size - from
    const bytes = mask && new Uint8Array(buffer, address(mask) + from, length)
    return { gradients: floats(gradients, from, length), mask: bytes, places }
  }
  return { address, floats, kept }
}

/** The slot's own memory where nobody else sees it, else a copy. */
function writable(backend: WasmBackend, slot: TensorInfo): TensorInfo {
  const { dataId, shape, dtype } = slot
  backend.dataIdMap.get(dataId) // brings a slot of another backend here
  if (backend.refCount(dataId) === 1) {
    backend.incRef(dataId)
    return { dataId, shape, dtype }
  }
  const copy = backend.makeOutput(shape, 'float32')
  const [to, from] = [copy, slot].map((one) => backend.dataIdMap.get(one.dataId).memoryOffset)
  backend.wasm.HEAPU8.copyWithin(to!, from!, from! + slot.shape.reduce((a, b) => a * b, 4))
  return copy
}

/**
 * Updates of the wasm backend. Slots are changed in place where nobody shares them. Values never
 * are: the backend keeps copies of kernels by the identity of their tensors.
 */
const wasmUpdates: FusedUpdates = {
  few: 0.05,
  sumSquares: (weight) => {
    const backend = backendInUse() as WasmBackend
    const owner = engineOf(backend)
    const { gradients, mask, places } = weight
    const out = backend.makeOutput([], 'float32')
    const { address, floats, kept } = heapOf(backend, weight, [])
    const done = owner.compile && !places ? gradients.size - (gradients.size % 4) : 0
    const whole = mask ? 1 : 0
    if (done > 0)
      loopOf(owner, `squares ${whole}`, () => sumSquaresCode(whole === 1))(
        ...[done / 4, address(gradients), address(out), address(mask)],
      )
    floats(out, 0, 1)[0] = (done > 0 ? floats(out, 0, 1)[0]! : 0) + sumSquares(kept(weight, done))
    return engine().makeTensorFromTensorInfo(out)
  },
  update: (weight, how) => {
    const backend = backendInUse() as WasmBackend
    const { values, places } = weight
    const slots = weight.slots.map((slot) => writable(backend, slot))
    const out = places ? zeros(backend, values.shape) : backend.makeOutput(values.shape, 'float32')
    const run = (placesAt: number) => updateIn(backend, { ...weight, slots, out }, how, placesAt)
    if (places) withScratch(backend, places.length + 1, run)
    else run(0)
    return [out, ...slots].map((one): Tensor => engine().makeTensorFromTensorInfo(one))
  },
}

interface WeightOnHeap extends KeptGradients {
  readonly values: TensorInfo
  readonly slots: readonly TensorInfo[]
  readonly out: TensorInfo
}

/** Takes the step in memory; `placesAt` is room for the places, as an index of 4 bytes. */
function updateIn(
  backend: WasmBackend,
  weight: WeightOnHeap,
  { rule, numbers, factor }: ElementUpdate,
  placesAt: number,
): void {
  const { values, gradients, slots, out, mask, places } = weight
  const owner = engineOf(backend)
  const { address, floats, kept } = heapOf(backend, weight, [values])
  const length = places?.length ?? gradients.size
  const done = owner.compile ? length - (length % 4) : 0
  if (done > 0) {
    const name = rule === 'Momentum' && numbers[2] ? 'Nesterov' : rule
    const way = places ? 'placed' : mask ? 'masked' : 'all'
    if (places) new Int32Array(backend.wasm.HEAPU8.buffer).set(places, placesAt)
    loopOf(owner, name + way, () => updateCode(name, way))(
      ...[done / 4, address(values), address(gradients), address(out)],
      ...[address(slots[0]), address(slots[1]), places ? placesAt * 4 : address(mask)],
      ...[factor, ...numbers, ...Array<number>(MOST_NUMBERS).fill(0)].slice(0, 1 + MOST_NUMBERS),
    )
  }
  const from = places ? 0 : done
  const part = (one: TensorInfo) => floats(one, from, gradients.size - from)
  const arrays = { values: part(values), slots: slots.map(part), out: part(out) }
  const rest = { ...kept(weight, from), places: places?.subarray(done) }
  updateElements({ rule, numbers, factor }, { ...rest, ...arrays })
}

/** The fused step of the wasm backend. */
export const wasmStep: FusedStep = takeStepWith(wasmUpdates)
