import { checkFunction } from '../internal/check-function.js'
import { checkOptions, type OptionCheck, type OptionChecks } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { numberThat, required } from '../internal/option-checks.js'
import { optionError } from '../internal/option-error.js'

/** Values with their shape, as runtimes take and give them: a tensor of onnxruntime is one. */
export interface RuntimeTensor {
  /** Row by row; numbers, also for int32 and bool. */
  readonly data: ArrayLike<number>
  readonly dims: readonly number[]
}

/** Tensors by the names of the inputs or outputs. */
export type NamedTensors = Readonly<Record<string, RuntimeTensor>>

/** How a file is tried in a runtime before it is given back. */
export interface RuntimeCheck {
  /** Runs the file on inputs, by name, in the runtime, and gives the outputs by name. */
  readonly run: (file: Uint8Array, inputs: NamedTensors) => NamedTensors | Promise<NamedTensors>
  /** Inputs to try, one after the other; at least one. */
  readonly probes: readonly NamedTensors[]
  /**
   * Largest difference of an output, as a share of its largest value. Kernels in float16 and int8
   * need more. @default 0.00001
   */
  readonly tolerance?: number
}

const checkProbes: OptionCheck = (probes, { task, name }) => {
  const isList = Array.isArray(probes) && probes.length > 0
  if (isList && probes.every((probe) => typeof probe === 'object' && probe !== null)) return
  const got = Array.isArray(probes) ? `a list of ${probes.length}` : describe(probes)
  const wanted = `${name} to be a list of inputs by name, at least one`
  throw optionError(new TypeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
}

const checks: OptionChecks<RuntimeCheck> = {
  run: required(checkFunction),
  probes: required(checkProbes),
  tolerance: numberThat('a finite number of at least 0', (n) => Number.isFinite(n) && n >= 0),
}

/** Throws unless the value says how to try a file. */
export const checkRuntimeCheck: OptionCheck = (value, { task }) =>
  checkOptions(value as RuntimeCheck, { task, checks })
