import type { LayersModel } from '@tensorflow/tfjs-layers'
import { checkFunction } from '../internal/check-function.js'
import { checkOptionNames } from '../internal/check-option-names.js'
import { checkSignal } from '../internal/check-signal.js'
import { describe } from '../internal/describe.js'
import { checkChoice } from '../internal/option-checks.js'
import { checkMask } from '../masks/check-mask.js'
import type { Mask } from '../masks/mask.js'
import { densityList } from '../schedules/density-list.js'
import { geometric } from '../schedules/geometric.js'
import { checkStep } from '../schedules/with-rounds.js'
import type { Rewinder, Schedule } from '../types.js'
import type { PruningOptions } from './pruning-options.js'
import type { Round } from './round.js'

const task = 'prune'

const OPTIONS: readonly (keyof PruningOptions)[] = [
  'train',
  'evaluate',
  'criterion',
  'allocate',
  'granularity',
  'schedule',
  'rewind',
  'select',
  'samples',
  'resume',
  'onProgress',
  'signal',
]

/** Throws unless the options of a run are of the right types. */
export function checkOptions(options: PruningOptions, others: readonly string[] = []): void {
  checkOptionNames(options ?? {}, { task, known: [...OPTIONS, ...others] })
  for (const option of ['train', 'evaluate'] as const)
    checkFunction(options?.[option], { task, name: option })
  const { granularity, rewind, signal } = options
  for (const option of ['criterion', 'allocate', 'onProgress'] as const) {
    if (options[option] !== undefined) checkFunction(options[option], { task, name: option })
  }
  if (granularity !== undefined)
    checkFunction(granularity?.grains, { task, name: 'granularity.grains' })
  if (rewind !== undefined) checkRewinder(rewind)
  if (signal !== undefined) checkSignal(signal, { task, name: 'signal' })
}

function checkRewinder(rewinder: Rewinder): void {
  checkFunction(rewinder?.weights, { task, name: 'rewind.weights' })
  const choices = {
    statistics: ['rewound', 'kept'],
    optimizer: ['fresh', 'rewound', 'kept'],
    learningRate: ['rewound', 'last'],
    dataOrder: ['rewound', 'continued'],
  } as const
  for (const [option, allowed] of Object.entries(choices)) {
    checkChoice(rewinder[option as keyof typeof choices], allowed, {
      task,
      name: `rewind.${option}`,
    })
  }
}

/** The schedule of a run; everything that can be asked of it beforehand is checked. */
export function scheduleOf(schedule: PruningOptions['schedule'] = geometric()): Schedule {
  if (Array.isArray(schedule)) return densityList(schedule)
  if (typeof schedule !== 'function') {
    throw new TypeError(
      `Cannot prune: expected a function or a list as schedule, got ${describe(schedule)}`,
    )
  }
  const { rounds } = schedule
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds >= 1)) {
    throw new RangeError(`Cannot prune: expected a schedule of at least 1 round, got ${rounds}`)
  }
  for (let round = 0; round < (rounds ?? 1); round++) {
    checkStep(schedule(round), round, round === 0 ? 1 : schedule(round - 1))
  }
  return schedule
}

interface ResumedRun {
  readonly dense: Mask
  readonly rewinder: Rewinder
}

/** Throws unless finished rounds of an earlier run fit the model and the options of this one. */
export function checkResume(
  model: LayersModel,
  resume: readonly Round[],
  { dense, rewinder }: ResumedRun,
): void {
  if (!Array.isArray(resume)) {
    throw new TypeError(
      `Cannot resume: expected a list of finished rounds, got ${describe(resume)}`,
    )
  }
  const wanted = namesOf(dense)
  resume.forEach((round: Round | undefined, index) => {
    if (round?.round !== index) {
      const got = `${describe(round?.round)} at ${index}`
      throw new RangeError(
        `Cannot resume: expected the finished rounds from 0 on, got round ${got}`,
      )
    }
    if (!round.mask || !round.trained || !round.initial) {
      throw new TypeError(
        `Cannot resume: expected round ${index} with its mask and weights, got a report without them`,
      )
    }
    checkMask(model, round.mask)
    const names = namesOf(round.mask)
    if (names !== wanted) {
      throw new RangeError(
        `Cannot resume: expected masks of ${wanted}, got ${names} in round ${index}`,
      )
    }
  })
  const { name, capture } = rewinder
  const other = resume.find((round) => round.rewinder !== name)
  if (other) {
    throw new RangeError(
      `Cannot resume with ${name}: expected rounds that it made, got those of ${other.rewinder}`,
    )
  }
  if (resume.length > 0 && capture && !resume[0]!.checkpoint) {
    const wanted = `rounds that hold its checkpoint ${JSON.stringify(capture)}`
    throw new RangeError(
      `Cannot resume with ${name}: expected ${wanted}, got those of another rewinder`,
    )
  }
}

function namesOf({ weights }: Mask): string {
  return weights.map(({ name }) => name).join(', ')
}
