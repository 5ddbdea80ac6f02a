import { checkOpened } from '../internal/check-opened.js'
import { thenClose } from '../internal/then-close.js'
import { untilAbort } from '../internal/until-abort.js'
import { task } from '../step/step-options.js'
import type { OpenedRun, RunFacts, RunStore } from './run-store.js'

/**
 * Opens a store for a run that ends at an abort although the store never answers. Work that is
 * given up may still be done later: the store is closed after it, so that no other writer comes in
 * between.
 */
export async function openStore(
  store: RunStore,
  facts: RunFacts,
  signal: AbortSignal | undefined,
): Promise<OpenedRun> {
  let isGivenUp = false
  let last: Promise<unknown> = Promise.resolve()
  const ending = async <T>(work: () => Promise<T>): Promise<T> => {
    const done = (async () => work())()
    last = Promise.allSettled([last, done])
    let isAnswered = false
    const answered = () => {
      isAnswered = true
    }
    done.then(answered, answered)
    try {
      return await untilAbort(done, signal)
    } catch (error) {
      // A store that is asked by the same signal may throw its reason itself.
      if (!isAnswered) isGivenUp = true
      throw error
    }
  }
  const opening = (async () => store.open(facts))()
  const closeLate = async () => {
    await last
    await (await opening).close()
  }
  try {
    const opened = await ending(() => opening)
    await checkStore(opened)
    const { initial, rounds, point } = opened
    return {
      ...{ initial, rounds, ...(point && { point }) },
      checkEvaluation: (evaluation) => opened.checkEvaluation?.(evaluation),
      save: (round) => ending(() => opened.save(round)),
      savePoint: (next) => ending(() => opened.savePoint(next)),
      close: async () => {
        if (!isGivenUp) return untilAbort(opened.close(), signal)
        closeLate().catch(() => {})
      },
    }
  } catch (error) {
    if (isGivenUp) closeLate().catch(() => {})
    throw error
  }
}

/** Throws unless it is a run that can be written; one that can be closed is closed. */
async function checkStore(opened: OpenedRun): Promise<void> {
  try {
    const methods = ['save', 'savePoint', 'close']
    checkOpened(opened, { task, opener: 'open of the store', methods, lists: ['rounds'] })
  } catch (error) {
    if (typeof opened?.close !== 'function') throw error
    await thenClose(() => Promise.reject(error), opened.close)
  }
}
