import { dispose, gather, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkAlive } from './check-alive.js'
import { checkFinite } from './check-finite.js'
import { asModelTakes, countRows, inputsFor, openInputs } from './model-inputs.js'

/** Inputs in memory, of which rows are taken. */
export interface InputRows {
  readonly samples: number
  /** Throws if an input is not finite. */
  readonly check: () => Promise<void>
  /** Rows by their numbers, as the model takes them; to be called in a tidy. */
  readonly take: (rows: Tensor1D) => Tensor[]
  /** Frees what was made from arrays. */
  readonly dispose: () => void
}

/** Opens the inputs of a model. Throws unless they fit it. */
export function openRows(
  xs: unknown,
  { model, task }: { readonly model: LayersModel; readonly task: string },
): InputRows {
  const { made, ...opened } = openInputs(xs, task)
  const free = () => dispose(made)
  try {
    const samples = countRows(opened, task)
    const inputs = inputsFor(model, opened, task)
    const take = (rows: Tensor1D) => {
      for (const one of inputs) checkAlive(one, { task, name: 'xs' })
      return asModelTakes(
        model,
        inputs.map((input) => gather(input, rows)),
      )
    }
    return { samples, check: () => checkFinite(inputs, { task }), take, dispose: free }
  } catch (error) {
    free()
    throw error
  }
}
