import type { StudyPoint } from './study-point.js'

/** The parts of a study, in their order. */
export const STEPS = ['rates', 'epochs', 'reported seeds'] as const

/** A job of the study has ended. */
export interface StudyJobEnded {
  readonly point: StudyPoint
  /** Jobs that are done, those of earlier runs included. */
  readonly done: number
  /** Jobs of the whole study. */
  readonly of: number
  /** Place in {@link STEPS}. */
  readonly step: number
  readonly seconds: number
  /** Where it failed. */
  readonly error?: string
}

/** A line that tells of an ended job. */
export function progressLine({ point, done, of, step, seconds, error }: StudyJobEnded): string {
  const { system, seed, phase, rate, epochs } = point
  const end = error === undefined ? `${Number(seconds.toPrecision(3))} s` : `failed: ${error}`
  return [
    ...[`${done} of ${of}`, system, `seed ${seed}`, phase, `rate ${rate}`],
    ...[`${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}`, end],
    `(step ${step + 1} of ${STEPS.length}: ${STEPS[step]})`,
  ].join('  ')
}
