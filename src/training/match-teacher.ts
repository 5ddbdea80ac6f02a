import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { containerOf } from '../internal/model-graph.js'
import type { TaughtRun } from '../types.js'
import { task } from './teacher-options.js'

/** Another model that teaches; inputs and outputs are in the order of the model that learns. */
export interface MatchedTeacher {
  readonly model: LayersModel
  /** Where the outputs of the model that learns are among those of the teacher. */
  readonly outputs: readonly number[]
  /** The teacher's outputs for inputs, both in the order of the model that learns. */
  readonly predict: (xs: Tensor | Tensor[]) => Tensor[]
}

/**
 * Pairs another model with the one that learns: by the names of inputs and outputs where both have
 * the same, else by their places. Throws unless it can stand for the model itself.
 */
export function matchTeacher(
  teacher: LayersModel,
  { model, prunable = [] }: Pick<TaughtRun, 'model' | 'prunable'>,
): MatchedTeacher {
  const changed = new Set<unknown>(model.trainableWeights.map((weight) => weight.read()))
  for (const { variable } of prunable) changed.add(variable)
  if (teacher.weights.some((weight) => changed.has(weight.read())))
    throw refuse('a model with weights of its own', 'one with weights that are trained or pruned')
  if (teacher.stateful) throw refuse('a teacher without states', 'a stateful one')
  const [inputs, outputs] = (['inputs', 'outputs'] as const).map((side) => {
    const places = placesOf(teacher, model, side)
    checkShapes(teacher, model, { side, places })
    return places
  }) as [number[], number[]]
  return {
    ...{ model: teacher, outputs },
    predict: (xs) => {
      const given = [xs].flat()
      const own: Tensor[] = []
      for (const [i, place] of inputs.entries()) own[place] = given[i]!
      const answers = [teacher.predictOnBatch(own.length === 1 ? own[0]! : own)].flat()
      return outputs.map((place) => answers[place]!)
    },
  }
}

function refuse(wanted: string, got: string): RangeError {
  return new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`)
}

type Side = 'inputs' | 'outputs'

const NAMES = { inputs: 'inputNames', outputs: 'outputNames' } as const

/** Where the inputs or outputs of a model are among those of its teacher. */
function placesOf(teacher: LayersModel, model: LayersModel, side: Side): number[] {
  const [names, others] = [model, teacher].map((one) => containerOf(one)[NAMES[side]])
  const isByName =
    new Set(names).size === names!.length &&
    names!.length === others!.length &&
    names!.every((name) => others!.includes(name))
  return names!.map((name, i) => (isByName ? others!.indexOf(name) : i))
}

interface Places {
  readonly side: Side
  readonly places: readonly number[]
}

function checkShapes(teacher: LayersModel, model: LayersModel, { side, places }: Places): void {
  const own = model[side]
  const others = places.map((place) => teacher[side][place])
  const isOne = teacher[side].length === own.length
  if (isOne && own.every((one, i) => isAlike(one, others[i]!))) return
  const [wanted, got] = [own, isOne ? others : teacher[side]].map((all) =>
    all.map((one) => shapeOf(one!)).join(', '),
  )
  throw refuse(`a teacher with ${side} of shape ${wanted} as the model has`, got!)
}

/** Whether a teacher takes, or gives, tensors of the model's shape. */
function isAlike({ shape }: SymbolicTensor, { shape: others }: SymbolicTensor): boolean {
  const fits = (size: number | null, i: number) => others[i] === null || others[i] === size
  return shape.length === others.length && shape.every(fits)
}

const shapeOf = ({ shape }: SymbolicTensor) => `[${shape.map((size) => size ?? 'n').join(', ')}]`
