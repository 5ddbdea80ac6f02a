import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { inProcess } from 'tfjs-prune/sweep'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { denseKey } from '../../experiments/class-dependent/dense-key.js'
import job from '../../experiments/class-dependent/job.js'
import { writeReport } from '../../experiments/class-dependent/report/write-report.js'
import { addRow, readRows, type StudyRow } from '../../experiments/class-dependent/rows.js'
import { fingerprintOf } from '../../experiments/class-dependent/sets/fingerprint.js'
import { readImageFolder } from '../../experiments/class-dependent/sets/image-folder.js'
import { imageSet } from '../../experiments/class-dependent/sets/image-set.js'
import { ownSet } from '../../experiments/class-dependent/sets/own-set.js'
import { readPictureFolders } from '../../experiments/class-dependent/sets/picture-folders.js'
import { openSet } from '../../experiments/class-dependent/sets/sets.js'
import { writeImageFolder } from '../../experiments/class-dependent/sets/write-image-folder.js'
import { study } from '../../experiments/class-dependent/study.js'
import { progressLine } from '../../experiments/class-dependent/study-events.js'
import { systems } from '../../experiments/class-dependent/systems/systems.js'

const folder = mkdtempSync(join(tmpdir(), 'study-'))
const pictures = join(folder, 'pictures')
const images = join(folder, 'images')

/** A gray square with noise of its own; a bright bar tells a positive. */
async function drawPicture(path: string, seed: number, isPositive: boolean) {
  const pixels = Uint8Array.from({ length: 20 * 20 * 3 }, (_, i) => {
    const column = Math.floor(i / 3) % 20
    const noise = ((i + 1) * (seed + 3) * 2654435761) % 97
    return isPositive && column > 8 && column < 12 ? 150 + noise : noise
  })
  const raw = { width: 20, height: 20, channels: 3 } as const
  await sharp(pixels, { raw }).png().toFile(path)
}

beforeAll(async () => {
  for (const [name, count] of [
    ['scratch', 20],
    ['whole', 60],
  ] as const) {
    mkdirSync(join(pictures, name), { recursive: true })
    for (let i = 0; i < count; i++)
      await drawPicture(join(pictures, name, `${i}.png`), i, name === 'scratch')
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.runIf(process.env.TFJS_BACKEND === 'wasm')('the study on images of one’s own', () => {
  test('readPictureFolders reads two folders of pictures, the named one as positive', async () => {
    const read = await readPictureFolders(pictures, { positive: 'scratch', side: 16 })
    expect([read.shape, read.labels.length]).toEqual([[16, 16, 3], 80])
    expect(read.labels.reduce((sum, label) => sum + label, 0)).toBe(20)
    // The middle column is bright in positives alone.
    const middle = (i: number) => read.pixels[i * 16 * 16 * 3 + (8 * 16 + 8) * 3]!
    for (const [i, label] of read.labels.entries()) expect(middle(i) > 128).toBe(label === 1)
    writeImageFolder(images, { all: read })
    expect(readImageFolder(images)).toEqual({ all: read })
    await expect(readPictureFolders(pictures)).rejects.toThrow(
      'one named positive, got scratch, whole: give --positive scratch or --positive whole',
    )
  })

  test('fingerprintOf tells one pixel, one label and the shape', () => {
    const part = (shape: readonly [number, number, number], first: number, label: number) => ({
      ...{ shape, pixels: Uint8Array.of(first, 2, 3, 4), labels: Uint8Array.of(label) },
    })
    const all = part([2, 2, 1], 1, 0)
    const others = [part([2, 2, 1], 0, 0), part([2, 2, 1], 1, 1), part([1, 4, 1], 1, 0)]
    expect(fingerprintOf({ all })).toMatch(/^[0-9a-f]{12}$/)
    expect(fingerprintOf({ all: part([2, 2, 1], 1, 0) })).toBe(fingerprintOf({ all }))
    const prints = [{ all }, { test: all }, ...others.map((one) => ({ all: one }))]
    expect(new Set(prints.map(fingerprintOf)).size).toBe(5)
  })

  test('denseKey is that of the way to train, and another one for other images', () => {
    const point = { seed: 1, rate: 0.01, epochs: 4 }
    const facts = { point, system: { way: 'plain' }, network: 'cnn', fingerprint: '0123' }
    const key = denseKey(facts)
    expect(key).toMatch(/^cnn-plain-1-[0-9a-f]{16}$/)
    expect(denseKey({ ...facts, system: { way: 'plain', needsSamples: true } })).toBe(key)
    const others = [
      denseKey({ ...facts, fingerprint: '0124' }),
      denseKey({ ...facts, point: { ...point, rate: 0.03 } }),
      denseKey({ ...facts, system: { way: 'plain', averages: true } }),
    ]
    expect(new Set([key, ...others]).size).toBe(4)
  })

  test('ownSet has a folder of its own for other pictures, classes and sides', async () => {
    const root = join(folder, 'studies')
    const of = { root, network: 'cnn', positive: 'scratch', side: 16 }
    const first = await ownSet(pictures, of)
    expect(first.set).toMatch(/pictures-[0-9a-f]{12}-cnn\/images\/pictures$/)
    expect(existsSync(join(first.set, 'meta.json'))).toBe(true)
    expect(await ownSet(pictures, of)).toEqual(first)
    const fewer = join(folder, 'fewer/pictures')
    cpSync(pictures, fewer, { recursive: true })
    rmSync(join(fewer, 'whole/3.png'))
    const others = [
      await ownSet(fewer, of),
      await ownSet(pictures, { ...of, positive: 'whole' }),
      await ownSet(pictures, { ...of, side: 12 }),
    ]
    expect(new Set([first, ...others].map((one) => one.folder)).size).toBe(4)
    // A folder with a meta.json is copied as it is.
    const copy = await ownSet(first.set, of)
    expect(readImageFolder(copy.set)).toEqual(readImageFolder(first.set))
  })

  test('openSet and ownSet tell the sets, and the contents of a folder', async () => {
    const wanted =
      /xrays, melanoma, eights, crack, shirts, bridge, or a folder with a meta.json, or with two/
    expect(() => openSet('no-such')).toThrow(wanted)
    await expect(ownSet('no-such', { root: folder, network: 'cnn' })).rejects.toThrow(wanted)
  })

  test('progressLine tells the system, the point and the part of the study', () => {
    const point = { set: 'a', network: 'cnn', system: 'red', seed: 2, rate: 0.01, epochs: 10 }
    const ended = { point: { ...point, phase: 'tuning' }, done: 12, of: 40, step: 0, seconds: 14.2 }
    expect(progressLine(ended as Parameters<typeof progressLine>[0])).toBe(
      '12 of 40  red  seed 2  tuning  rate 0.01  10 epochs  14.2 s  (step 1 of 3: rates)',
    )
  })

  test('imageSet draws parts that share no image, the same for a seed', () => {
    const set = imageSet(readImageFolder(images), { negativesPerPositive: 5 })
    const { train, validation, test } = set.draw(1)
    const size = 16 * 16 * 3
    const keys = [train, validation, test].flatMap(({ pixels, labels }) =>
      Array.from(labels, (_, i) => String(pixels.subarray(i * size, (i + 1) * size))),
    )
    expect(new Set(keys).size).toBe(keys.length)
    expect(train.labels.reduce((sum, label) => sum + label, 0)).toBe(6)
    expect(set.draw(1)).toEqual(set.draw(1))
    expect(set.draw(2).train.pixels).not.toEqual(train.pixels)
  })

  test('study tunes each system alike, runs what is open, and tells it in tables', async () => {
    const done: string[] = []
    const ended: number[][] = []
    const options = {
      ...{ set: images, network: 'cnn', systems: ['red', 'LAMP'], seeds: 1, steps: 4 },
      ...{ file: join(folder, 'rows.jsonl'), store: join(folder, 'jobs') },
      runner: inProcess(),
      marks: { version: '0.0.0', commit: 'none' },
      onEvent: (event: { type: string; key?: string }) => {
        if (event.type === 'finished') done.push(event.key!)
      },
      onJobEnded: ({ done, of, step }: { done: number; of: number; step: number }) => {
        ended.push([done, of, step])
      },
    }
    const rows = await study(options)
    const count = (system: string, phase: string) =>
      rows.filter((row) => row.system === system && row.phase === phase).length
    for (const system of options.systems) {
      expect([count(system, 'tuning'), count(system, 'test')]).toEqual([12, 1])
    }
    const tested = rows.find(({ system, phase }) => system === 'LAMP' && phase === 'test')!
    expect(tested.levels).toHaveLength(7)
    expect(tested.levels!.at(-1)!.density).toBeCloseTo(1 / 64, 3)
    expect(done).toHaveLength(26)
    expect(ended.map(([count]) => count)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1))
    expect([ended[0], ended[20], ended[25]]).toEqual([
      [1, 26, 0],
      [21, 26, 1],
      [26, 26, 2],
    ])
    expect(await study(options)).toEqual(rows)
    expect(done).toHaveLength(26)
    await expect(study({ ...options, steps: 40 })).rejects.toThrow(
      /expected tuning with 20 and 40 epochs, as --steps 40 makes, got 2 and 4.* give --steps 4,/,
    )
    expect(done).toHaveLength(26)
    const page = readFileSync(writeReport(folder, rows), 'utf8')
    expect(page).toMatch(/^# Study: images, the small CNN\n/)
    expect(page).toMatch(/\| shares by LAMP \|/)
  })

  test.each(Object.keys(systems))('the system %s runs to its end', async (system) => {
    const point = { set: images, network: 'cnn', system, seed: 101, rate: 0.01, epochs: 1 }
    const { levels } = await job({ ...point, phase: 'tuning' })
    expect(levels).toHaveLength(system === 'separable' ? 1 : 2)
  })

  test('rows are read and added behind a last line that a kill has torn', () => {
    const file = join(folder, 'torn.jsonl')
    const row = { system: 'red', seed: 1 } as unknown as StudyRow
    addRow(file, row)
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"system":"gre`)
    expect(readRows(file)).toEqual([row])
    addRow(file, { ...row, seed: 2 })
    expect(readRows(file)).toEqual([row, { ...row, seed: 2 }])
  })
})
