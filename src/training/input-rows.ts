import { dispose, slice, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkAlive } from './check-alive.js'
import { checkFinite } from './check-finite.js'
import { isReadAtOnce } from './is-read-at-once.js'
import { asModelTakes, countRows, inputsFor, openInputs } from './model-inputs.js'
import { rowTaker } from './row-taker.js'

/** Inputs in memory, of which rows are taken. */
export interface InputRows {
  readonly samples: number
  /** Throws if an input is not finite. */
  readonly check: () => Promise<void>
  /** Rows by their numbers, as the model takes them; to be called in a tidy. */
  readonly take: (rows: Int32Array) => Tensor[]
  /**
   * The same in plain arrays; left out where tensors are not read at once, or the model takes other
   * numbers than float32.
   */
  readonly takePlain?: (rows: Int32Array) => Float32Array[]
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
    const takers = inputs.map(rowTaker)
    const isPlain = isReadAtOnce() && model.inputs.every(({ dtype }) => dtype === 'float32')
    const each = <T>(rowsOf: (input: Tensor, i: number) => T): T[] => {
      for (const one of inputs) checkAlive(one, { task, name: 'xs' })
      return inputs.map(rowsOf)
    }
    return {
      ...{ samples, dispose: free },
      check: () => checkFinite(inputs, { task }),
      take: (rows) =>
        asModelTakes(
          model,
          each((_, i) => takers[i]!.tensor(rows)),
        ),
      part: (start, count) =>
        asModelTakes(
          model,
          each((input) => slice(input, start, count)),
        ),
      ...(isPlain && { takePlain: (rows) => each((_, i) => takers[i]!.plain(rows).values) }),
    }
  } catch (error) {
    free()
    throw error
  }
}
