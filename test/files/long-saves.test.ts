import fs from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { codecs, compressedTypes } from '../../src/files/codecs/codecs.js'
import { encoders } from '../../src/files/codecs/encoders.js'
import { sortFloats } from '../../src/files/codecs/sort-floats.js'
import {
  fileHandler,
  narrowest,
  saveCompressed,
  saveQuantised,
  sizeReport,
} from '../../src/files/index.js'
import { PORTION, type Work } from '../../src/files/model/work.js'
import { decodePositions, encodePositions } from '../../src/files/positions/positions.js'
import type { Evaluation } from '../../src/types.js'
import { smallModel } from '../support/small-models.js'
import { randomValues } from '../support/weights.js'
import { collecting } from './collecting.js'
import { doWork } from './do-work.js'
import { filesIn, temporaryFolder } from './files.js'

const { promises } = fs
const open = promises.open
afterEach(() => void vi.restoreAllMocks())

const confusion = { truePositives: 1, falseNegatives: 0, falsePositives: 0, trueNegatives: 1 }
const evaluate = () => ({ confusion, positiveClass: 1 }) as Evaluation

interface Options {
  readonly onProgress?: (fraction: number) => void
  readonly signal?: AbortSignal
}

/** Every function that stores a model, into a folder. */
const functions: Record<string, (folder: string, options: Options) => Promise<unknown>> = {
  'saveCompressed as float32': (folder, options) =>
    saveCompressed(smallModel(2), join(folder, 'm.tfpr'), options),
  'saveCompressed as int8': (folder, options) =>
    saveCompressed(smallModel(2), join(folder, 'm.tfpr'), { type: 'int8', ...options }),
  'saveQuantised as uint8': (folder, options) =>
    saveQuantised(smallModel(2), folder, { type: 'uint8', ...options }),
  sizeReport: (_, options) => sizeReport(smallModel(2), options),
  narrowest: (_, options) => narrowest(smallModel(2), { budget: 3, evaluate, ...options }),
}
const names = Object.keys(functions)

/** A folder with both kinds of files of another model. */
async function folderInUse(): Promise<string> {
  const folder = temporaryFolder()
  await saveCompressed(smallModel(1), join(folder, 'm.tfpr'))
  await smallModel(1).save(fileHandler(folder))
  return folder
}

describe('progress', () => {
  it.each(names)('%s tells shares that grow to 1, which comes once and last', async (name) => {
    const fractions: number[] = []
    const onProgress = (fraction: number) => void fractions.push(fraction)
    await functions[name]!(temporaryFolder(), { onProgress })
    expect(fractions.length).toBeGreaterThan(3)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions[0]).toBeGreaterThan(0)
    expect(fractions.indexOf(1)).toBe(fractions.length - 1)
  })

  it.each(names)('%s tells no 1 where it fails', async (name) => {
    vi.spyOn(promises, 'rename').mockRejectedValue(new Error('EACCES'))
    const fractions: number[] = []
    const saving = functions[name]!(temporaryFolder(), {
      onProgress: (fraction) => {
        fractions.push(fraction)
        if (name === 'sizeReport' || name === 'narrowest') throw new Error('mine')
      },
    })
    await expect(saving).rejects.toThrow(/EACCES|mine/)
    expect(fractions).not.toContain(1)
  })
})

describe('a signal', () => {
  const reason = new Error('enough')

  it.each(names)('%s stops before it begins', async (name) => {
    const folder = await folderInUse()
    const before = filesIn(folder)
    const signal = AbortSignal.abort(reason)
    await expect(functions[name]!(folder, { signal })).rejects.toBe(reason)
    expect(filesIn(folder)).toEqual(before)
  })

  it.each(names)(
    '%s stops at each of its steps, and leaves the files as they were',
    async (name) => {
      const folder = await folderInUse()
      const before = filesIn(folder)
      for (let last = 1; ; last++) {
        const controller = new AbortController()
        let steps = 0
        let ended = false
        const onProgress = (fraction: number) => {
          ended = fraction === 1
          if (++steps === last && !ended) controller.abort(reason)
        }
        const work = functions[name]!(folder, { signal: controller.signal, onProgress })
        if (
          !(await work.then(
            () => true,
            () => false,
          ))
        ) {
          await expect(work).rejects.toBe(reason)
          expect(filesIn(folder)).toEqual(before)
          continue
        }
        expect(ended).toBe(true)
        expect(last).toBeGreaterThan(3)
        break
      }
    },
  )

  it.each(names.slice(0, 3))(
    '%s stops while it writes, and leaves no temporary file',
    async (name) => {
      const folder = await folderInUse()
      const before = filesIn(folder)
      const controller = new AbortController()
      vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
        const file = await open(...args)
        if (args[1] === 'wx') controller.abort(reason)
        return file
      })
      await expect(functions[name]!(folder, { signal: controller.signal })).rejects.toBe(reason)
      expect(filesIn(folder)).toEqual(before)
    },
  )

  it('saveCompressed and saveQuantised call no handler after an abort', async () => {
    const handler = collecting()
    const controller = new AbortController()
    const onProgress = () => controller.abort(reason)
    const options = { onProgress, signal: controller.signal }
    await expect(saveCompressed(smallModel(), handler, options)).rejects.toBe(reason)
    const quantised = { type: 'uint8' as const, ...options }
    await expect(saveQuantised(smallModel(), handler, quantised)).rejects.toBe(reason)
    expect(handler.calls).toBe(0)
  })

  it('fileHandler stops saves and loads', async () => {
    const folder = await folderInUse()
    const before = filesIn(folder)
    const handler = fileHandler(folder, { signal: AbortSignal.abort(reason) })
    await expect(smallModel(2).save(handler)).rejects.toBe(reason)
    await expect(handler.load!()).rejects.toBe(reason)
    expect(filesIn(folder)).toEqual(before)
  })
})

describe('work in portions', () => {
  /** How often work stops for others. */
  function stops(work: Work<unknown>): number {
    let count = 0
    while (!work.next().done) count++
    return count
  }
  const portions = 5
  const values = randomValues(portions * PORTION)
  const survivors = { values, order: undefined, channels: { stride: 1, count: 8 } }

  it.each(compressedTypes)('values of %s are written and read in portions', (type) => {
    expect(stops(encoders[type].encode(survivors))).toBeGreaterThanOrEqual(
      type === 'float32' ? 1 : portions,
    )
    const { head, body, fields } = doWork(encoders[type].encode(survivors))
    const entry = { name: 'k', shape: [values.length], kept: values.length, ...fields }
    const decoding = codecs[type].decode({ head, body }, entry, undefined)
    expect(stops(decoding)).toBeGreaterThanOrEqual(portions)
  })

  it.each([0.02, 0.4, 0.9])(
    'places at a density of %d are written and read in portions',
    (density) => {
      const shape = [values.length / 64, 64]
      const places = Uint32Array.from(values.keys()).filter(
        (i) => ((i * 7919) % 1000) / 1000 < density,
      )
      const least = Math.floor((Math.min(density, 1 - density) * values.length) / PORTION)
      expect(stops(encodePositions(places, shape))).toBeGreaterThan(least)
      const { kind, countParameter, bytes } = doWork(encodePositions(places, shape))
      const entry = { kind, shape, size: values.length, kept: places.length, countParameter }
      // A portion of a bitmap has eight times as many places.
      const fewest = kind === 'bitmap' ? least / 8 : least
      expect(stops(decodePositions(bytes, entry))).toBeGreaterThanOrEqual(fewest)
    },
  )

  it('sortFloats sorts as the platform does, to the bit', () => {
    const odd = [0, -0, 1e-45, -1e-45, Infinity, -Infinity, 3.4e38, -3.4e38]
    for (const length of [0, 1, 7, 5000, 200_000]) {
      const list = randomValues(length)
      for (const [i, value] of odd.entries())
        if (i < length) list[i * 3 < length ? i * 3 : i] = value
      const sorted = doWork(sortFloats(list))
      expect(
        Buffer.compare(new Uint8Array(sorted.buffer), new Uint8Array(list.slice().sort().buffer)),
      ).toBe(0)
    }
    expect(stops(sortFloats(values))).toBeGreaterThan(6 * portions)
  })
})
