import type { CustomCallbackArgs } from '@tensorflow/tfjs-layers'
import { checkOptions, type OptionCheck } from '../internal/check-options.js'
import { describe } from '../internal/describe.js'
import { anything } from '../internal/option-checks.js'

/**
 * Callbacks as `model.fit` of tfjs takes them: hooks by name, a `Callback`, or a list of either,
 * such as `tfvis.show.fitCallbacks(...)` and `callbacks.earlyStopping(...)`.
 */
export type FitCallbacks = CustomCallbackArgs | readonly CustomCallbackArgs[]

/** The hooks that `fit` calls, in the order of a round. */
export const HOOKS = [
  'onTrainBegin',
  'onEpochBegin',
  'onBatchBegin',
  'onBatchEnd',
  'onEpochEnd',
  'onTrainEnd',
] as const

const hookChecks = Object.fromEntries(HOOKS.map((hook) => [hook, anything]))

/** Throws unless callbacks have hooks that are functions, and none that `fit` would not call. */
export const checkCallbacks: OptionCheck = (callbacks, { task, name }) => {
  for (const [i, one] of [callbacks].flat().entries()) {
    const place = Array.isArray(callbacks) ? `${name}[${i}]` : name
    if (typeof one !== 'object' || one === null)
      throw new TypeError(`Cannot ${task}: expected ${place} as hooks, got ${describe(one)}`)
    // An object of a class may hold more.
    if (Object.getPrototypeOf(one) === Object.prototype)
      checkOptions(one, { task: `${task} with ${place}`, checks: hookChecks })
    checkHooks(one, { task, place })
  }
}

function checkHooks(one: object, { task, place }: { task: string; place: string }): void {
  const hooks = one as Readonly<Record<string, unknown>>
  const wrong = HOOKS.find((hook) => !['function', 'undefined'].includes(typeof hooks[hook]))
  if (wrong) {
    const got = describe(hooks[wrong])
    throw new TypeError(`Cannot ${task}: expected ${place}.${wrong} to be a function, got ${got}`)
  }
  if (HOOKS.some((hook) => hooks[hook])) return
  const wanted = `${place} to have a hook among ${HOOKS.join(', ')}`
  throw new TypeError(`Cannot ${task}: expected ${wanted}, got none`)
}
