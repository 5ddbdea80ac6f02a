import {
  type DataType,
  keep,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { addAll } from '../internal/add-all.js'
import type { ModelOutput } from '../internal/model-output.js'
import { firstNonFinite } from '../internal/weight-values.js'
import { detach } from '../losses/detach.js'
import { blend, choiceLogits, divergence, type TeacherShare } from '../losses/from-teacher.js'
import type { NamedVariable, OpenTeaching, TaughtOutputs, TaughtRun, Teacher } from '../types.js'
import type { MatchedTeacher } from './match-teacher.js'
import { countRows, readInputs } from './model-inputs.js'
import { predictRows } from './predict-rows.js'
import { task } from './teacher-options.js'

interface Sources extends TeacherShare, Pick<TaughtOutputs, 'label'> {
  /** The kind of each output of the model that learns, and of the network that teaches. */
  readonly outputs: readonly ModelOutput[]
  readonly kinds: readonly ModelOutput[]
  /** A model that teaches in the place of round 0. */
  readonly other: MatchedTeacher | undefined
  /** Logits for all samples, by the data: all rounds share them. */
  readonly known: WeakMap<object, Float32Array>
  /** The trained weights of round 0. */
  readonly dense: Parameters<OpenTeaching['teacher']>[0]
}

/**
 * The teacher of a round. There is no second model for round 0: in a forward pass the model's
 * variables refer to the dense weights, which are uploaded when they are first asked for.
 */
export function openTeacher({ model, weights }: TaughtRun, sources: Sources) {
  const { weight, temperature, label, outputs, kinds, other, known, dense } = sources
  let uploaded: Tensor[] | undefined
  let isOpen = true

  const ask = (xs: Tensor | Tensor[]) =>
    [other ? other.predict(xs) : model.predictOnBatch(xs)].flat().map((one, place) => {
      const rows = choiceLogits(one, { output: kinds[place]!, label })
      return reshape(rows, [one.shape[0]!, -1])
    })
  const rowsOf = (xs: Tensor | Tensor[]) => {
    if (!isOpen) {
      const got = 'one that has ended'
      throw new Error(`Cannot ${task}: expected a round that is trained, got ${got}`)
    }
    return tidy(() => {
      if (other) return ask(xs)
      uploaded ??= upload(weights, dense())
      return withTensors(weights, uploaded, () => ask(xs))
    })
  }
  const logits = (xs: Tensor | Tensor[]) => {
    if (!model.stateful) return rowsOf(xs)
    const wanted = 'all samples at once (allLogits) of a stateful model'
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got a batch`)
  }
  const allLogits: Teacher['allLogits'] = async (data, { signal } = {}) => {
    const found = known.get(data)
    if (found) return found
    const { xs } = data
    const samples = countRows(readInputs(xs, task), task)
    const predict = (inputs: Tensor[]) => rowsOf(inputs)[0]!
    const rows = (await predictRows(model, { task, xs, samples, signal, predict })) as Float32Array
    const wrong = firstNonFinite(rows)
    if (wrong >= 0) {
      const got = `${rows[wrong]} for sample ${Math.floor((wrong * samples) / rows.length)}`
      throw new RangeError(`Cannot ${task}: expected a teacher with finite outputs, got ${got}`)
    }
    known.set(data, rows)
    return rows
  }
  const blendIn: Teacher['blend'] = (batch) => {
    const [heads, taught] = [listOf(batch.outputs), listOf(batch.logits)]
    return tidy(() => {
      const parts = outputs.map((output, place) => {
        const [own, wanted] = [heads[place], taught[place]]
        const rows = own && choiceLogits(own, { output, label })
        if (!rows || rows.size !== wanted?.size) {
          const expected = rows ? `${rows.size} logits of the teacher` : 'outputs of the model'
          const got = (rows ? wanted : own)?.size ?? 'none'
          throw new TypeError(`Cannot learn: expected ${expected} as output ${place}, got ${got}`)
        }
        const settled = detach((one) => reshape(one, rows.shape), wanted) as Tensor2D
        return divergence(settled, rows, temperature)
      })
      return blend(batch.cost, addAll(parts), { weight, temperature })
    })
  }
  const close = () => {
    isOpen = false
    for (const one of uploaded ?? []) one.dispose()
  }
  return { teacher: { weight, temperature, logits, allLogits, blend: blendIn }, close }
}

const listOf = (tensors: Tensor | readonly Tensor[] | undefined) =>
  (tensors === undefined ? [] : [tensors].flat()) as readonly Tensor[]

function upload(weights: readonly NamedVariable[], values: ReturnType<Sources['dense']>): Tensor[] {
  return weights.map(({ name, variable: { shape, dtype } }) =>
    keep(tensor(values[name]!, shape, dtype as Exclude<DataType, 'complex64' | 'string'>)),
  )
}

/**
 * Computes while variables refer to other tensors; afterwards they refer to their own values again.
 * To be called in a tidy.
 */
function withTensors<T>(
  weights: readonly NamedVariable[],
  tensors: readonly Tensor[],
  compute: () => T,
): T {
  const own = weights.map(({ variable }) => variable.clone())
  const refer = (to: readonly Tensor[]) => {
    weights.forEach(({ variable }, i) => void variable.assign(to[i]!))
  }
  try {
    refer(tensors)
    return compute()
  } finally {
    refer(own)
  }
}
