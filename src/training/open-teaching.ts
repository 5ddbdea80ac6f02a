import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ModelOutput } from '../internal/model-output.js'
import { outputOf, TEACHING } from '../layer-kinds/output-of.js'
import type { OpenTeaching, TaughtOutputs, TaughtRun } from '../types.js'
import type { MatchedTeacher } from './match-teacher.js'
import { openTeacher } from './open-teacher.js'
import { type TeacherOptions, task } from './teacher-options.js'

/** The way in which a run is taught. */
interface Way {
  readonly options: TeacherOptions
  /** A model that teaches in the place of round 0. */
  readonly other?: MatchedTeacher
}

/** Begins to teach a run. Throws unless the outputs of model and teacher are those of classes. */
export function openTeaching(run: TaughtRun, { options, other }: Way): OpenTeaching {
  const { weight = 0.5, temperature = 4, perLabel } = options
  if (weight === 0) return { description: 'none', teacher: () => undefined }
  const output = options.output === 'auto' ? undefined : options.output
  const { label: read, ...told } = run.outputs({ output, label: perLabel ? 'all' : undefined })
  const label = perLabel === false ? undefined : read
  const outputs = kindsOf(run.model, { ...told, label })
  const others = other && kindsOf(other.model, { output, label })
  const kinds = others ? other.outputs.map((place) => others[place]!) : outputs
  const known = new WeakMap<object, Float32Array>()
  const settings = { weight, temperature, label, outputs, kinds }
  const heads = `${outputs.join(' and ')}${label === undefined ? '' : ` of label ${label}`}`
  return {
    description: `weight ${weight}, temperature ${temperature}, ${heads}`,
    teacher: (dense) => openTeacher(run, { ...settings, other, known, dense }),
  }
}

function kindsOf(model: LayersModel, { output, label }: TaughtOutputs): ModelOutput[] {
  return model.outputs.map(({ shape }, place) => {
    const how = { task, output: output ?? 'auto', label, place, remedies: TEACHING } as const
    if (shape.length <= 2) return outputOf(model, how)
    const got = `[${['n', ...shape.slice(1)].join(', ')}]`
    throw new RangeError(
      `Cannot ${task}: expected outputs of shape [n] or [n, classes], got ${got}`,
    )
  })
}
