import { dispose, gather, slice, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core'
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
  /** The same for rows that follow each other, which costs far less. */
  readonly part: (start: number, count: number) => Tensor[]
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
    const each = (rowsOf: (input: Tensor) => Tensor) => {
      for (const one of inputs) checkAlive(one, { task, name: 'xs' })
      return asModelTakes(model, inputs.map(rowsOf))
    }
    return {
      ...{ samples, dispose: free },
      check: () => checkFinite(inputs, { task }),
      take: (rows) => each((input) => gather(input, rows)),
      part: (start, count) => each((input) => slice(input, start, count)),
    }
  } catch (error) {
    free()
    throw error
  }
}
