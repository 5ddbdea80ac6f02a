/** The page: holds the state, asks the workers, and shows all that has changed. */
import { showChoice } from './page/chosen.js'
import {
  downloadCompressed,
  downloadOnnx,
  downloadReport,
  downloadStock,
  downloadWasm,
} from './page/downloads.js'
import { byId } from './page/elements.js'
import { runFigures } from './page/figures.js'
import { enableForm, readChoices, USUAL, writeChoices } from './page/form.js'
import { showLevel } from './page/level-section.js'
import { levelTables } from './page/levels.js'
import { showLoaded } from './page/loaded.js'
import { showLost } from './page/lost-positives.js'
import { showProblem, showProgress } from './page/progress.js'
import { lastData, rememberedChoices } from './page/remembered.js'
import { runner } from './page/runner.js'
import { scoresFigure } from './page/scores-figure.js'
import { isFinished, type State } from './page/state.js'
import { makeStore } from './page/store.js'
import { thresholdSlider } from './page/threshold.js'
import { startCharts } from './page/workers.js'
import type { DataName } from './shared/contract.js'

const charts = startCharts()
const showFigures = runFigures(charts)
const showScores = scoresFigure(charts)
const showTables = levelTables((selected) => store.set({ selected }))
const showThreshold = thresholdSlider((threshold) => store.set({ threshold }))

const store = makeStore({ choices: readChoices(), runs: [], threshold: 0, news: '' }, show)
const actions = runner(store)

function show(state: State): void {
  showButtons(state)
  showProgress(state)
  byId('levels-section').hidden = state.runs.length === 0
  showChoice(state)
  showFigures(state)
  showThreshold(state)
  showTables(state)
  showLevel(state)
  showScores(state)
  showLost(state)
  showLoaded(state)
}

/** The run that could go on: one that was begun, here or in an earlier visit, and not finished. */
function unfinished(state: State) {
  const choices = rememberedChoices(state.choices.data)
  const isOpen = choices?.losses.some((loss) => !isFinished({ ...state, choices }, loss))
  return isOpen ? { ...choices!, budget: state.choices.budget } : undefined
}

function showButtons(state: State): void {
  const isRunning = state.running !== undefined
  const [start, resume, stop] = ['start', 'resume', 'stop'].map(byId<HTMLButtonElement>)
  const { activeElement } = document
  enableForm(!isRunning)
  start!.disabled = isRunning || !state.facts
  start!.textContent = state.runs.length > 0 ? 'Start anew' : 'Start'
  resume!.hidden = isRunning || !state.facts || !unfinished(state)
  stop!.hidden = !isRunning
  // A button that goes hands the focus on to the one that takes its place.
  if (isRunning && (activeElement === start || activeElement === resume)) stop!.focus()
  if (!isRunning && activeElement === stop) (resume!.hidden ? start! : resume!).focus()
}

/** Does some work; the visitor is told why it failed. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  showProblem()
  try {
    await work()
  } catch (error) {
    showProblem(error)
  }
}

/** Lets a button do some work on the level that is looked at. */
function onLevel(id: string, work: (place: NonNullable<State['selected']>) => Promise<unknown>) {
  byId(id).addEventListener('click', () => {
    const { selected } = store.get()
    if (selected) void attempt(() => work(selected))
  })
}

async function openData(data: DataName): Promise<void> {
  const choices = rememberedChoices(data) ?? { ...readChoices(), data, ...USUAL[data] }
  writeChoices(choices)
  const news = 'The data are being opened.'
  store.set({ choices, facts: undefined, runs: [], selected: undefined, news })
  await actions.show(choices)
  const { facts, runs } = store.get()
  const { train, validation, test } = facts!.parts
  const parts = `${train.samples} samples to train, ${validation.samples} to choose, ${test.samples} to test.`
  const found = runs.length > 0 ? ' The levels of your last visit are shown.' : ''
  store.set({ news: parts + found })
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault()
  void attempt(() => actions.start(readChoices()))
})
byId('form').addEventListener('change', ({ target }) => {
  const { name, value } = target as HTMLInputElement
  if (name === 'data') return void attempt(() => openData(value as DataName))
  if (name === 'budget') {
    const { budget } = readChoices()
    store.set((state) => ({ ...state, choices: { ...state.choices, budget } }))
  }
})
byId('resume').addEventListener('click', () => {
  const choices = unfinished(store.get())
  if (!choices) return
  writeChoices(choices)
  void attempt(() => actions.resume(choices))
})
byId('stop').addEventListener('click', () => attempt(actions.stop))
onLevel('test', actions.test)
onLevel('download-compressed', (place) => downloadCompressed(actions.demo(), place))
onLevel('download-stock', (place) => downloadStock(actions.demo(), place))
onLevel('download-onnx', (place) => downloadOnnx(actions.demo(), place))
onLevel('download-wasm', (place) => downloadWasm(actions.demo(), place))
onLevel('download-report', ({ loss }) => downloadReport(charts, store.get(), loss))
byId<HTMLInputElement>('file').addEventListener('change', ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? []
  if (file) void attempt(() => actions.load(file))
})

await attempt(() => openData(lastData() ?? readChoices().data))
