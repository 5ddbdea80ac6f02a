import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Evaluate, PruningError, prune, pruningRounds } from 'tfjs-prune'
import { folderStore, memoryStore, storeOf } from 'tfjs-prune/runs'
import { describe, expect, test } from 'vitest'
import { whileBusy } from '../../src/internal/busy-models.js'
import { quickRun, type Samples, smallNetwork, weightBits } from '../prune/support.js'
import { forEachTest } from '../support/for-each-test.js'
import { mapFunctions, type QuickOptions } from './support.js'

let data: Samples
let model: LayersModel
forEachTest(24, (...own) => {
  ;[data, model] = own
})

/** A store whose lock cannot be given back. */
const closingBadly = () => {
  const release = () => Promise.reject(new Error('the lock is stuck'))
  return storeOf({ ...mapFunctions(), lock: () => release })
}

const run = (options: QuickOptions = {}) =>
  quickRun(data, { schedule: [1, 0.5, 0.25], store: closingBadly(), ...options })

const failing = (): never => {
  throw new Error('no room on the page')
}

describe('a store that cannot be closed', () => {
  test('prune writes the kept round and tells the error with the rounds', async () => {
    const own = smallNetwork()
    const stop: QuickOptions['stop'] = (rounds) => {
      const keep = rounds.length > 1 ? 1 : 0
      return { stop: rounds.length === 3, reason: 'enough', keep }
    }
    const error = await prune(own, run({ stop })).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PruningError)
    const { rounds, cause } = error as PruningError
    expect(cause).toEqual(new Error('the lock is stuck'))
    expect(rounds).toHaveLength(3)
    const after = weightBits(own)
    const { kept } = await prune(
      own,
      quickRun(data, { schedule: [1, 0.5, 0.25], stop, resume: rounds }),
    )
    expect(kept?.round).toBe(1)
    expect(after).toEqual(weightBits(own))
    own.dispose()
  })

  test('prune tells the first error, with the rounds that are finished', async () => {
    const onProgress: QuickOptions['onProgress'] = ({ kind, round }) => {
      if (kind === 'round-finished' && round === 1) failing()
    }
    const error = await prune(model, run({ onProgress })).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(PruningError)
    expect(error).toMatchObject({ cause: new Error('no room on the page') })
    expect((error as PruningError).rounds).toHaveLength(2)
  })

  test.each([
    ['its pieces', { evaluate: failing }],
    ['its first round', { train: failing }],
  ])('prune and pruningRounds tell the error of %s', async (_, options) => {
    await expect(prune(model, run(options))).rejects.toThrow('no room on the page')
    const rounds = pruningRounds(model, run(options))
    await expect(rounds.next()).rejects.toThrow('no room on the page')
  })

  test('pruningRounds tells it after the last round, or where it is broken off', async () => {
    const finished: number[] = []
    const drive = async (last: number) => {
      for await (const { round } of pruningRounds(smallNetwork(), run())) {
        finished.push(round)
        if (round === last) break
      }
    }
    await expect(drive(9)).rejects.toThrow('the lock is stuck')
    await expect(drive(0)).rejects.toThrow('the lock is stuck')
    expect(finished).toEqual([0, 1, 2, 0])
  })
})

test('prune waits for the closing of a store that answers the abort itself', async () => {
  const stop = new AbortController()
  const functions = mapFunctions()
  const write = async (name: string, bytes: Uint8Array<ArrayBuffer>) => {
    if (name === 'round-1') stop.abort(new Error('enough'))
    stop.signal.throwIfAborted()
    await functions.write(name, bytes)
  }
  let isHeld = true
  const release = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    isHeld = false
  }
  const store = storeOf({ ...functions, write, lock: () => release })
  await expect(prune(model, run({ store, signal: stop.signal }))).rejects.toThrow('enough')
  expect(isHeld).toBe(false)
})

test('pruningRounds holds the model until its first round is there', async () => {
  const answers = new Set<unknown>()
  const ask = async () => {
    // With a store the pieces are tried last; only promises lie between them and the first round.
    for (let i = 0; i < 300; i++)
      answers.add(await whileBusy(model, async () => 'free').catch(String))
  }
  let asking: Promise<void> | undefined
  const { evaluate, ...others } = quickRun(data, { schedule: [1], store: memoryStore() })
  const check = async () => {
    asking ??= ask()
  }
  const checked = Object.assign<Evaluate, Pick<Evaluate, 'check'>>(
    (...asked) => evaluate(...asked),
    { check },
  )
  await pruningRounds(model, { ...others, evaluate: checked }).next()
  await asking
  expect([...answers]).toEqual([expect.stringContaining('to be free')])
})

test('folderStore gives its lock back where it cannot clear up after others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-'))
  mkdirSync(join(folder, 'lock-of-a-folder'))
  const store = folderStore(folder)
  await expect(prune(model, run({ store }))).rejects.toThrow(/lock-of-a-folder/)
  expect(readdirSync(folder)).toEqual(['lock-of-a-folder'])
  rmSync(folder, { recursive: true })
})
