import type {
  BackendName,
  DataFacts,
  DataName,
  LevelPlace,
  LoadedModel,
  LossName,
  Report,
  Settings,
  TestEvaluations,
} from '../shared/contract.js'

/** The visitor's choices. */
export interface Choices {
  /** Name of the attempt in the browser's storage; empty before the first. */
  readonly attempt: string
  readonly data: DataName
  readonly losses: readonly LossName[]
  readonly backend: BackendName
  readonly budget: number
  readonly levels: number
  readonly epochs: number
}

/** The training loss after an epoch; epochs are counted through all levels. */
export interface EpochPoint {
  readonly epoch: number
  readonly trainingLoss: number
}

/** A run as far as it has come. */
export interface RunView {
  readonly loss: LossName
  readonly reports: readonly Report[]
  readonly epochs: readonly EpochPoint[]
}

/** The test part, looked at for one level. */
export interface TestLook extends TestEvaluations {
  readonly place: LevelPlace
  /** In log-odds. */
  readonly threshold: number
}

/** Everything that the page shows. */
export interface State {
  readonly choices: Choices
  readonly facts?: DataFacts | undefined
  readonly runs: readonly RunView[]
  /** The last news, for the live region: it comes with the numbers that it speaks of. */
  readonly news: string
  /** The loss that is trained now. */
  readonly running?: LossName | undefined
  /** The level that is looked at. */
  readonly selected?: LevelPlace | undefined
  /** In log-odds; samples are predicted positive from it on. */
  readonly threshold: number
  readonly test?: TestLook | undefined
  readonly loaded?: { readonly name: string; readonly model: LoadedModel } | undefined
}

/** The settings of a run by one of the losses. */
export const settingsOf = ({ losses, ...choices }: Choices, loss: LossName): Settings => ({
  ...choices,
  loss,
})

/** The run by a loss. */
export const runOf = ({ runs }: State, loss: LossName): RunView | undefined =>
  runs.find((run) => run.loss === loss)

/** Whether all levels of the run by a loss are there. */
export const isFinished = (state: State, loss: LossName): boolean =>
  runOf(state, loss)?.reports.length === state.choices.levels

/** The report of a level. */
export const reportAt = (state: State, { loss, level }: LevelPlace): Report | undefined =>
  runOf(state, loss)?.reports[level]

/** A state in which the run by a loss is another one. */
export function withRun(state: State, run: RunView): State {
  const others = state.runs.filter(({ loss }) => loss !== run.loss)
  const runs = [...others, run].sort((a, b) => b.loss.localeCompare(a.loss))
  return { ...state, runs }
}
