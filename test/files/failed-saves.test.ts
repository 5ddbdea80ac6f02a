import fs, { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fileHandler } from '../../src/files/index.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { smallModel } from '../support/small-models.js'
import { bitsOf } from '../support/weights.js'
import { filesIn, modelJsonIn, temporaryFolder } from './files.js'

const { promises } = fs
const real = { open: promises.open, rename: promises.rename, rm: promises.rm }
const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)
const failure = (code: string) => Object.assign(new Error(`${code}: simulated`), { code })

/**
 * From the n-th step on that changes files, nothing works any more; the write at which it happens
 * stops half-way.
 */
function stopAt(step: number, { cleaning = false } = {}): () => number {
  let steps = 0
  const next = () => {
    if (++steps >= step) throw failure('ENOSPC')
  }
  vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
    if (args[1] !== 'wx') return real.open(...args)
    next()
    const file = await real.open(...args)
    const write = file.writeFile.bind(file)
    vi.spyOn(file, 'writeFile').mockImplementation(async (bytes) => {
      await write((bytes as Uint8Array).subarray(0, steps + 1 >= step ? 10 : undefined))
      next()
    })
    vi.spyOn(file, 'sync').mockImplementation(async () => next())
    return file
  })
  vi.spyOn(promises, 'rename').mockImplementation(async (...args) => {
    next()
    return real.rename(...args)
  })
  vi.spyOn(promises, 'rm').mockImplementation(async (...args) => {
    if (!cleaning) next()
    return real.rm(...args)
  })
  return () => steps
}

/** Steps of a save: open, write and flush two files, rename them, remove the old weights. */
const STEPS = 9
const STEPS_TO_THE_END = Array.from({ length: 8 }, (_, i) => i + 1)

afterEach(() => void vi.restoreAllMocks())

describe('fileHandler, when a save fails', () => {
  it.each(STEPS_TO_THE_END)(
    'fileHandler leaves the old model as it was after an error at step %i',
    async (step) => {
      const folder = temporaryFolder()
      await smallModel(1).save(fileHandler(folder))
      const before = filesIn(folder)
      stopAt(step, { cleaning: true })
      const refusal = await lateRefusalOf(async () => smallModel(2).save(fileHandler(folder)))
      expect(refusal).toMatch(
        /^Error: Cannot save the model: expected to write .*, got ENOSPC: simulated$/,
      )
      expect(filesIn(folder)).toEqual(before)
    },
  )

  it.each(STEPS_TO_THE_END)(
    'fileHandler leaves no file where none was after an error at step %i',
    async (step) => {
      const folder = temporaryFolder()
      stopAt(step, { cleaning: true })
      await expect(smallModel().save(fileHandler(folder))).rejects.toMatchObject({
        cause: { code: 'ENOSPC' },
      })
      expect(filesIn(folder)).toEqual({})
    },
  )

  it.each(STEPS_TO_THE_END)(
    'fileHandler keeps a model that is saved again after an error at step %i',
    async (step) => {
      const folder = temporaryFolder()
      await smallModel(1).save(fileHandler(folder))
      const before = filesIn(folder)
      stopAt(step, { cleaning: true })
      await expect(smallModel(1).save(fileHandler(folder))).rejects.toThrow('ENOSPC')
      expect(filesIn(folder)).toEqual(before)
    },
  )

  it.each(STEPS_TO_THE_END)(
    'fileHandler leaves a whole model when the process ends at step %i',
    async (step) => {
      const folder = temporaryFolder()
      await smallModel(1).save(fileHandler(folder))
      stopAt(step)
      await expect(smallModel(2).save(fileHandler(folder))).rejects.toThrow('ENOSPC')
      vi.restoreAllMocks()
      expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel(1)))
      await smallModel(3).save(fileHandler(folder))
      expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel(3)))
    },
  )

  it('fileHandler says when the old weights cannot be removed; the new model is there', async () => {
    const folder = temporaryFolder()
    await smallModel(1).save(fileHandler(folder))
    const [old] = modelJsonIn(folder).weightsManifest[0]!.paths
    const steps = stopAt(STEPS)
    const { errors } = await smallModel(2).save(fileHandler(folder))
    expect(steps()).toBe(STEPS)
    expect(errors).toEqual([
      expect.stringMatching(new RegExp(`expected to remove .*${old}, got ENOSPC`)),
    ])
    expect(allBits(await loadLayersModel(fileHandler(folder)))).toEqual(allBits(smallModel(2)))
  })

  it('fileHandler removes its files where model.json is a folder', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'model.json'))
    writeFileSync(join(folder, 'model.json', 'inside'), '')
    const refusal = await lateRefusalOf(async () => smallModel().save(fileHandler(`${folder}/`)))
    expect(refusal).toMatch(/^Error: Cannot save the model: expected to write .*model\.json, got E/)
    expect(fs.readdirSync(folder)).toEqual(['model.json'])
  })

  it('fileHandler tells that it may not write or make the folder', async () => {
    const folder = temporaryFolder()
    vi.spyOn(promises, 'open').mockRejectedValue(failure('EACCES'))
    expect(await lateRefusalOf(async () => smallModel().save(fileHandler(folder)))).toMatch(
      /to write .*, got EACCES/,
    )
    vi.spyOn(promises, 'mkdir').mockRejectedValue(failure('EACCES'))
    const refusal = await lateRefusalOf(async () =>
      smallModel().save(fileHandler(join(folder, 'new'))),
    )
    expect(refusal).toMatch(/to make the folder .*new, got EACCES/)
    expect(filesIn(folder)).toEqual({})
  })
})
