import { type Scalar, Tensor as TensorClass, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import type { OptionCheck } from '../internal/check-options.js'
import { askPiece } from '../internal/check-piece.js'
import { describe } from '../internal/describe.js'
import { quietPromise } from '../internal/quiet-promise.js'
import { hashSeed } from '../internal/random.js'
import type { FitOptions } from './fit-options.js'
import type { ModelBatch } from './read-dataset.js'

type Step = (batch: ModelBatch, index: number) => Scalar | number

/** Throws unless `augment` is a function, or a list of them. */
export const checkAugment: OptionCheck = (augment, option) => {
  for (const one of [augment].flat()) checkFunction(one, option)
}

/** Throws where one of them can change none of the inputs of a model. */
export function checkAugmented(augment: FitOptions['augment'] = [], { inputs }: LayersModel): void {
  for (const { check } of [augment].flat()) check?.(inputs.map(({ shape }) => shape))
}

/**
 * A step on the batches of an epoch as `augment` changes them. Throws before the step if they come
 * back with other shapes, dtypes or names.
 */
export function augmented(
  step: Step,
  { augment = [], seed = 0 }: Pick<FitOptions, 'augment' | 'seed'>,
  epoch: number,
): Step {
  const all = [augment].flat()
  return (given, batch) => {
    const change = (last: ModelBatch, one: (typeof all)[number], index: number) => {
      const name = all.length > 1 ? `augment[${index}]` : 'augment'
      const context = { epoch, batch, seed: hashSeed(seed, 'augment', epoch, batch, index) }
      return tidy(() => {
        const { xs, ys } = last
        const wanted = textOf({ xs, ys })
        const option = { task: 'train', name, kind: 'an augmentation' } as const
        const answer: unknown = askPiece(one, [{ xs: [...xs], ys }, context], option)
        const got = textOf(answer)
        if (got === wanted) return { ...last, ...(answer as ModelBatch) }
        throw new TypeError(`Cannot train: expected ${name} to return ${wanted}, got ${got}`)
      })
    }
    return step(all.reduce(change, given), batch)
  }
}

/** A batch in words, such as `{ xs: [float32 [8, 3]], ys: float32 [8] }`. */
function textOf(batch: unknown): string {
  if (quietPromise(batch)) return 'a promise'
  if (typeof batch !== 'object' || !batch || Array.isArray(batch) || batch instanceof TensorClass)
    return partOf(batch)
  const names = new Set(['xs', 'ys', ...Object.keys(batch)])
  const parts = [...names].map((name) => `${name}: ${partOf(batch[name as keyof typeof batch])}`)
  return `{ ${parts.join(', ')} }`
}

function partOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(partOf).join(', ')}]`
  if (!(value instanceof TensorClass)) return describe(value)
  return value.isDisposed ? 'a disposed tensor' : `${value.dtype} [${value.shape.join(', ')}]`
}
