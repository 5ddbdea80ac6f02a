import { dispose, type Tensor, tensor, tidy, transpose } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'
import { sizeOf } from '../internal/size-of.js'
import type { OnnxGraph, Port } from './graph/graph.js'
import { onnxError } from './graph/onnx-error.js'
import type { DataFormat } from './read-graph.js'
import type { NamedTensors, RuntimeCheck, RuntimeTensor } from './runtime-check.js'

/** A file, the model whose outputs it is to give, and the ends of both. */
interface Written extends Pick<OnnxGraph, 'inputs' | 'outputs'> {
  readonly model: LayersModel
  readonly file: Uint8Array
  readonly dataFormat: DataFormat
}

/** Throws unless each probe has the inputs of the model, in their shapes. */
export function checkProbes({ probes }: RuntimeCheck, inputs: OnnxGraph['inputs']): void {
  for (const [i, probe] of probes.entries()) {
    const names = inputs.map(({ name }) => name)
    const given = Object.keys(probe)
    if (given.length !== names.length || names.some((name) => !given.includes(name)))
      throw onnxError(`inputs ${names.join(', ')} in probe ${i}`, given.join(', ') || 'none')
    for (const input of inputs) checkInput(probe[input.name]!, input, `probe ${i}`)
  }
}

function checkInput(given: RuntimeTensor, { name, shape }: Port, probe: string): void {
  const { data, dims } = given ?? {}
  const fits =
    Array.isArray(dims) &&
    dims.length === shape.length &&
    shape.every((side, axis) => (typeof side === 'string' ? dims[axis] > 0 : dims[axis] === side))
  if (!fits) throw onnxError(`dims [${shape.join(', ')}] of ${name} in ${probe}`, listed(dims))
  if (data?.length === sizeOf(dims)) return
  throw onnxError(`${sizeOf(dims)} values of ${name} in ${probe}`, data?.length ?? describe(data))
}

const listed = (dims: unknown) => (Array.isArray(dims) ? `[${dims.join(', ')}]` : describe(dims))

/**
 * Runs a file on the probes and compares the outputs with those of the model.
 *
 * @throws {RangeError} If an output is missing, has another shape, or differs by more than the
 *   tolerance.
 */
export async function tryInRuntime(
  { file, outputs, ...written }: Written,
  { run, probes, tolerance = 1e-5 }: RuntimeCheck,
): Promise<void> {
  for (const probe of probes) {
    const wanted = await outputsOf(written, probe)
    const got = await run(file, probe)
    for (const [i, { name }] of outputs.entries())
      compare(name, { wanted: wanted[i]!, got: got?.[name], tolerance })
  }
}

/** The outputs of the model itself, in their order, turned as the file has them. */
async function outputsOf(
  { model, inputs, dataFormat }: Omit<Written, 'file' | 'outputs'>,
  probe: NamedTensors,
): Promise<readonly RuntimeTensor[]> {
  const turned = dataFormat === 'channelsFirst'
  const outputs = tidy(() => {
    const given = inputs.map(({ name, dtype }) => {
      const { data, dims } = probe[name]!
      const one = tensor(Array.from(data), [...dims], dtype)
      return turned ? turn(one, 'last') : one
    })
    const made = [model.predict(given, { batchSize: given[0]!.shape[0]! })].flat()
    return turned ? made.map((one) => turn(one, 'first')) : made
  })
  try {
    return await Promise.all(
      outputs.map(async (output) => ({ data: await output.data(), dims: output.shape })),
    )
  } finally {
    dispose(outputs)
  }
}

/** Moves the channels of images to the end, or behind the batch. */
function turn(one: Tensor, to: 'first' | 'last'): Tensor {
  if (one.rank < 4) return one
  const axes = one.shape.map((_, axis) => axis)
  const last = axes.length - 1
  return transpose(
    one,
    to === 'last' ? [0, ...axes.slice(2), 1] : [0, last, ...axes.slice(1, last)],
  )
}

interface Outcome {
  readonly wanted: RuntimeTensor
  readonly got: RuntimeTensor | undefined
  readonly tolerance: number
}

function compare(name: string, { wanted, got, tolerance }: Outcome): void {
  if (got === undefined) throw onnxError(`output ${name} from the runtime`, 'none of this name')
  if (`${got.dims}` !== `${wanted.dims}` || got.data.length !== wanted.data.length)
    throw onnxError(`output ${name} of ${listed(wanted.dims)} from the runtime`, listed(got.dims))
  let [most, difference] = [0, 0]
  for (let i = 0; i < wanted.data.length; i++) {
    const [one, other] = [wanted.data[i]!, got.data[i]!]
    if (Number.isFinite(one)) most = Math.max(most, Math.abs(one))
    if (!Object.is(one, other)) difference = Math.max(difference, Math.abs(one - other))
  }
  const share = difference === 0 ? 0 : difference / (most || 1)
  if (share <= tolerance) return
  const asked = `output ${name} of the runtime within ${tolerance} of the largest value`
  throw onnxError(asked, `a difference of ${share}`)
}
