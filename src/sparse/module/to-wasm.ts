import type { LayersModel } from '@tensorflow/tfjs-layers'
import { METADATA_KEY, storedDecision } from '../../certify/stored-decision.js'
import { checkOptions, type OptionCheck, type OptionChecks } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { anything } from '../../internal/option-checks.js'
import type { Round } from '../../rounds/round.js'
import type { Shape } from '../network/network.js'
import type { NetworkSource } from '../network/source.js'
import { readNetwork } from '../reading/read-network.js'
import { openNetworkSource } from '../sources/open-network-source.js'
import { task, writeModule } from './write-module.js'

/** Options of {@link toWasm}. */
export interface ToWasmOptions {
  /** A finished round of `prune` whose weights are taken. @default those that the model has */
  readonly round?: Pick<Round, 'mask' | 'trained'>
  /**
   * Shapes of the inputs without the batch, where the model leaves sides open.
   *
   * @default those of the model
   */
  readonly inputShapes?: readonly Shape[]
  /** Texts to write into the file, such as names of classes and a threshold. @default none */
  readonly metadata?: Readonly<Record<string, string>>
}

/** The exports of a module that {@link toWasm} wrote; further inputs and outputs by their number. */
export interface WasmNetwork
  extends Readonly<Record<`${'input' | 'output'}${number}`, WebAssembly.Global<'i32'>>> {
  /** All numbers, float32. */
  readonly memory: WebAssembly.Memory
  /** Address of the first input, in bytes. */
  readonly input0: WebAssembly.Global<'i32'>
  readonly output0: WebAssembly.Global<'i32'>
  /** Runs a sample, which is to be written before: 0, or 1 where an input is not finite. */
  readonly run: () => 0 | 1
}

const checkTexts: OptionCheck = (value, { name }) => {
  const refusal = (got: string) =>
    new TypeError(`Cannot ${task}: expected ${name} of texts, got ${got}`)
  const [, kind] = /^\[object (.*)\]$/.exec(Object.prototype.toString.call(value))!
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal(describe(value))
  if (kind !== 'Object') throw refusal(`a ${kind}`) // a Map would be written without its entries
  const other = Object.entries(value).find(([, text]) => typeof text !== 'string')
  if (other) throw refusal(`${describe(other[1])} for ${other[0]}`)
}

/** The decision threshold of a model, without the certificate, which names weights in tfjs. */
function decisionOf({ metadata }: NetworkSource) {
  const entries = (metadata as Readonly<Record<string, unknown>> | undefined)?.[METADATA_KEY]
  const stored = storedDecision(entries, task)
  if (!stored) return undefined
  const { certificate: _, ...decision } = stored
  return decision
}

const checks: OptionChecks<ToWasmOptions> = {
  round: anything,
  inputShapes: anything,
  metadata: checkTexts,
}

/**
 * Writes a pruned model as a WebAssembly module that runs by itself: no tfjs, no library, no
 * imports. Zeros are left out, so that its bytes and its time follow the weights that are left.
 *
 * The module runs one sample at a time, and has these exports:
 *
 * | export | holds |
 * |---|---|
 * | `memory` | all numbers, float32 |
 * | `input0`, `input1`, ... | addresses of the inputs in bytes, `i32` constants |
 * | `output0`, `output1`, ... | addresses of the outputs |
 * | `run()` | runs a sample: 0, or 1 where an input is not finite, and nothing is computed |
 *
 * All inputs are to be written before each run, for their places are used again in it.
 *
 * Its custom section `tfjs-prune` is JSON: `{ version, inputs, outputs, decision, metadata }`, with
 * the shapes of a sample, row-major, and the threshold of `setDecisionThreshold` where the model has
 * one, which is in log-odds where `certify` chose it. The same model gives the same bytes.
 *
 * Outputs are those of {@link compileSparse}; exponentials are computed in double precision in the
 * module, and may differ in the last bit of a float.
 *
 * @param source A built model, which is read and not changed, or a file that `openCompressed` has
 *   opened.
 * @param options The round whose weights are taken, open input shapes, texts.
 * @returns The bytes of the file, `.wasm`, once it was compiled here and gave the outputs of the
 *   network for a sample.
 * @throws {TypeError} If the source is no model, or an option does not exist or is of the wrong
 *   type.
 * @throws {RangeError} If a layer cannot be compiled, which is named, an input has an open side, or
 *   the host refuses the memory.
 * @throws {Error} If the host has no WebAssembly SIMD or forbids WebAssembly.
 * @see {@link https://webassembly.github.io/spec/core/ | The specification of WebAssembly}
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers'
 * import { applyMask, computeMask } from 'tfjs-prune'
 * import { toWasm, type WasmNetwork } from 'tfjs-prune/sparse'
 *
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [16] })] })
 * applyMask(model, await computeMask(model, { density: 0.25 }))
 * const file = await toWasm(model)
 *
 * // In a page: await WebAssembly.instantiateStreaming(fetch('model.wasm'))
 * const { instance } = await WebAssembly.instantiate(file)
 * const { memory, input0, output0, run } = instance.exports as object as WasmNetwork
 * new Float32Array(memory.buffer, input0.value, 16).fill(1)
 * if (run() !== 0) throw new Error('an input is not finite')
 * const logits = new Float32Array(memory.buffer, output0.value, 2)
 * if (!logits.every(Number.isFinite)) throw new Error('two logits')
 * ```
 */
export async function toWasm(
  source: LayersModel | NetworkSource,
  options: ToWasmOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptions(options, { task, checks })
  const { metadata = {}, round } = options
  const opened = await openNetworkSource(source, options, task)
  // That of a model is about the weights that it has, not about those of a round.
  const decision = round === undefined ? decisionOf(opened) : undefined
  const network = readNetwork(opened, { ...options, isAlone: true })
  return writeModule(network, { ...(decision && { decision }), metadata })
}
