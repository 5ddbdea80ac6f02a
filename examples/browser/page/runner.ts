import { proxy } from 'comlink'
import type { LevelPlace, LossName, Report, RunEvent } from '../shared/contract.js'
import { choiceOf } from './choice.js'
import { choiceInWords } from './chosen.js'
import { byId, say } from './elements.js'
import { watchFrames } from './frame-gaps.js'
import { levelInWords } from './progress.js'
import { rememberChoices, rememberedChoices } from './remembered.js'
import { type Choices, isFinished, type RunView, runOf, settingsOf, withRun } from './state.js'
import type { Store } from './store.js'
import { trainer } from './trainer.js'

const LOSSES: readonly LossName[] = ['red', 'black']

/** All that the visitor can ask of the worker that trains. */
export function runner({ get, set }: Store) {
  const { open, demo } = trainer()

  /** Opens the data set, and shows the levels that an earlier visit has stored. */
  async function show(choices: Choices): Promise<void> {
    const facts = await open(choices.backend, choices.data)
    const runs: RunView[] = []
    for (const loss of choices.attempt === '' ? [] : LOSSES) {
      const reports = await demo().stored(settingsOf(choices, loss))
      if (reports.length > 0) runs.push({ loss, reports, epochs: endsOf(reports, choices) })
    }
    set({ choices, facts, runs, test: undefined, loaded: undefined, selected: undefined })
    select()
  }

  /** Begins anew: the levels of the last attempt are removed. */
  async function start(wanted: Choices): Promise<void> {
    const choices = { ...wanted, attempt: Date.now().toString(36) }
    await open(choices.backend, choices.data)
    const last = rememberedChoices(choices.data)
    if (last) for (const loss of LOSSES) await demo().forget(settingsOf(last, loss))
    set({ choices, runs: [], test: undefined, selected: undefined })
    rememberChoices(choices)
    await run(choices)
  }

  /** Goes on after the stored levels, with the worker and the backend that they were made by. */
  async function resume(choices: Choices): Promise<void> {
    await open(choices.backend, choices.data)
    await run(choices)
  }

  /** Trains and prunes until all levels of all losses are there, or the visitor stops it. */
  async function run(choices: Choices): Promise<void> {
    const frames = watchFrames()
    try {
      for (const loss of choices.losses) {
        if (isFinished(get(), loss)) continue
        set({ choices, running: loss, news: `${loss} trains its dense network.` })
        const ending = await demo().run(settingsOf(choices, loss), proxy(hear))
        if (ending === 'stopped') return set({ news: 'Stopped. Resume goes on from here.' })
      }
      set({ news: ['Finished.', ...choiceInWords(get())].join(' ') })
    } finally {
      const gap = frames.end().toFixed(0)
      say(byId('frames'), `The longest gap between two frames of this page was ${gap} ms.`)
      set({ running: undefined })
      select()
    }
  }

  function hear(event: RunEvent): void {
    const { running, choices } = get()
    if (!running) return
    const run = runOf(get(), running) ?? { loss: running, reports: [], epochs: [] }
    if (event.kind === 'level') {
      const reports = [...run.reports.slice(0, event.report.round), event.report]
      set((state) => ({
        ...withRun(state, { ...run, reports }),
        news: levelInWords(state, event),
      }))
      return
    }
    const { level, epoch, trainingLoss } = event
    const point = { epoch: level * choices.epochs + epoch, trainingLoss }
    set((state) => withRun(state, { ...run, epochs: [...run.epochs, point] }))
  }

  /** Chooses the kept level of the last finished run to look at, unless one is chosen. */
  function select(): void {
    if (get().selected) return
    const run = get().runs.findLast(({ reports }) => reports.length > 0)
    if (!run) return
    const level = choiceOf(run, get().choices)?.keep ?? run.reports.length - 1
    set({ selected: { loss: run.loss, level } })
  }

  return {
    ...{ show, start, resume, demo },
    stop: () => demo().stop(),
    /** Looks at the test part for the level and the threshold that are chosen. */
    async test(place: LevelPlace): Promise<void> {
      const evaluations = await demo().test(place)
      set(({ threshold, ...state }) => ({
        ...state,
        threshold,
        test: { ...evaluations, place, threshold },
      }))
    },
    async load(file: File): Promise<void> {
      const model = await demo().load(new Uint8Array(await file.arrayBuffer()))
      set({ loaded: { name: file.name, model } })
    },
  }
}

/** The training losses at the ends of stored levels. */
const endsOf = (reports: readonly Report[], { epochs }: Choices) =>
  reports.map(({ round, trainingLoss }) => ({ epoch: (round + 1) * epochs, trainingLoss }))
