import { evaluateOn, fit, geometric, type PruningEvent, paper, prune, type Round } from 'tfjs-prune'
import type { OpenData } from '../data/open-data.js'
import type { Ending, Report, RunEvent, Settings } from '../shared/contract.js'
import { ruleOf } from '../shared/rule.js'
import { NETWORKS } from './models.js'
import { storeOf } from './stored-runs.js'

/** The parts of a run that do not travel between page and worker. */
export interface RunContext {
  readonly data: OpenData
  readonly signal: AbortSignal
  /** Called with each finished level. */
  readonly keep: (round: Round) => void
  /** Tells the page; what it returns is waited for at the end, so that no news comes after it. */
  readonly tell: (event: RunEvent) => unknown
}

/**
 * Trains and prunes level by level. Goes on after the levels in the browser's storage, and within a
 * level after the last epoch that was saved.
 */
export async function runLevels(
  settings: Settings,
  { data, signal, keep, tell }: RunContext,
): Promise<Ending> {
  const { build, optimizer } = NETWORKS[settings.data]
  const { train, validation } = data.parts
  const model = build()
  let told: unknown
  const onProgress = (event: PruningEvent) => {
    if (event.kind === 'round-finished') keep(event.report)
    const news = newsOf(event)
    if (news) told = tell(news)
  }
  try {
    const result = await prune(model, {
      train: fit(train, {
        loss: paper[settings.loss](),
        optimizer,
        epochs: settings.epochs,
        clipNorm: 5,
        seed: 1,
        checkpointEvery: 4,
      }),
      evaluate: evaluateOn(validation, { positiveClass: 1 }),
      schedule: geometric({ keep: 0.5, rounds: settings.levels }),
      stop: ruleOf(settings.budget),
      store: storeOf(settings),
      onProgress,
      signal,
    })
    for (const round of result.rounds) keep(round)
    return 'finished'
  } catch (error) {
    if (signal.aborted) return 'stopped'
    throw error
  } finally {
    await told
    model.dispose()
  }
}

function newsOf(event: PruningEvent): RunEvent | undefined {
  if (event.kind === 'round-finished') return { kind: 'level', report: reportOf(event.report) }
  if (event.kind !== 'epoch-finished') return undefined
  const { round: level, epoch, epochs, loss: trainingLoss } = event
  return { kind: 'epoch', level, epoch, epochs, trainingLoss }
}

/** A finished level without its weights, which the page has no use for. */
export function reportOf(round: Round): Report {
  const { mask, trained, initial, checkpoint, movement, optimizer, made, rewinder, ...report } =
    round
  return report
}
