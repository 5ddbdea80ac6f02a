import { execFileSync } from 'node:child_process'
import fs, {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { compressedHandler, fileHandler, saveCompressed } from '../../../src/files/index.js'
import { lateRefusalOf, refusalOf } from '../../support/refusal-of.js'
import { smallModel } from '../../support/small-models.js'
import { bitsOf } from '../../support/weights.js'
import { edit, filesIn, modelJsonIn, savedFolder, temporaryFolder } from '../files.js'

const { promises } = fs
const open = promises.open
afterEach(() => void vi.restoreAllMocks())

const allBits = (model: ReturnType<typeof smallModel>) => model.getWeights().map(bitsOf)
const loadedBits = async (path: string | URL) => allBits(await loadLayersModel(fileHandler(path)))
const loadRefusal = (path: string) => lateRefusalOf(async () => fileHandler(path).load!())
const shardOf = (folder: string) => modelJsonIn(folder).weightsManifest[0]!.paths[0]!

/** Moves a file elsewhere and leaves a symbolic link in its place. */
function replaceByLink(path: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  renameSync(path, target)
  symlinkSync(target, path)
}

describe('fileHandler, loading files from elsewhere', () => {
  it.each(['model.json', 'weights'])(
    'fileHandler follows no symbolic link out of the folder in the place of %s',
    async (what) => {
      const folder = await savedFolder()
      const name = what === 'weights' ? shardOf(folder) : what
      replaceByLink(join(folder, name), join(temporaryFolder(), 'target'))
      const refusal = await loadRefusal(folder)
      expect(refusal).toMatch(
        /^RangeError: .*to lie in its folder, got a symbolic link to .*target$/,
      )
      expect(refusal).toContain(name)
    },
  )

  it('fileHandler refuses a link to a folder beside it whose name begins alike', async () => {
    const folder = await savedFolder()
    const weights = shardOf(folder)
    const beside = `${folder}-beside`
    replaceByLink(join(folder, weights), join(beside, weights))
    expect(await loadRefusal(folder)).toMatch(/to lie in its folder/)
    fs.rmSync(beside, { recursive: true })
  })

  it('fileHandler follows links inside the folder, and one that leads to the folder', async () => {
    const folder = await savedFolder()
    for (const name of ['model.json', shardOf(folder)])
      replaceByLink(join(folder, name), join(folder, '..data', name))
    const link = join(temporaryFolder(), 'current')
    symlinkSync(folder, link)
    for (const path of [folder, link]) expect(await loadedBits(path)).toEqual(allBits(smallModel()))
  })

  it('fileHandler waits for no pipe and reads no folder', async () => {
    const folder = await savedFolder()
    const weights = join(folder, shardOf(folder))
    fs.rmSync(weights)
    execFileSync('mkfifo', [weights])
    const text = { name: 'text', shape: [], dtype: 'string' }
    edit(folder, { group: { weights: [text] } })
    expect(await loadRefusal(folder)).toMatch(/^Error: .*got a folder, a device or a pipe$/)
    fs.rmSync(weights)
    mkdirSync(weights)
    expect(await loadRefusal(folder)).toMatch(/^Error: .*got a folder, a device or a pipe$/)
  })

  it('compressedHandler reads no device, no pipe and no folder', async () => {
    const folder = temporaryFolder()
    execFileSync('mkfifo', [join(folder, 'pipe')])
    for (const path of ['/dev/zero', folder, join(folder, 'pipe')]) {
      expect(await lateRefusalOf(() => compressedHandler(path).load!())).toBe(
        `RangeError: Cannot load the model: expected to read the container, got a folder, a device or a pipe, in ${path}`,
      )
    }
  })

  it('fileHandler reads no byte of weights whose length is wrong, and none that a file grows by', async () => {
    const folder = await savedFolder()
    const weights = join(folder, shardOf(folder))
    const opened: string[] = []
    vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
      opened.push(String(args[0]))
      if (opened.length === 2) fs.appendFileSync(weights, 'more')
      return open(...args)
    })
    expect(await loadRefusal(folder)).toMatch(/got 180 bytes where 176 were before$/)
    expect(opened).toHaveLength(2)
    opened.length = 0
    expect(await loadRefusal(folder)).toMatch(
      /^RangeError: .*expected 176 bytes .*got 180: .*again$/,
    )
    expect(opened).toHaveLength(1)
  })

  it('fileHandler refuses a model.json above 64 MiB before it is read', async () => {
    const folder = await savedFolder()
    fs.truncateSync(join(folder, 'model.json'), 2 ** 26 + 1)
    const spy = vi.spyOn(promises, 'open')
    expect(await loadRefusal(folder)).toMatch(/at most 67108864 bytes, got 67108865$/)
    expect(spy).not.toHaveBeenCalled()
  })

  it('fileHandler refuses a model.json of a million brackets at once', async () => {
    const folder = await savedFolder()
    writeFileSync(join(folder, 'model.json'), '['.repeat(1e6) + ']'.repeat(1e6))
    const parse = vi.spyOn(JSON, 'parse')
    expect(await loadRefusal(folder)).toMatch(
      /^RangeError: .*at most 1000 nested brackets in .*model\.json, got more$/,
    )
    expect(parse).not.toHaveBeenCalled()
  })

  it('fileHandler counts no bracket in a text, and none that is closed', async () => {
    const folder = await savedFolder()
    const more = { text: `"\\"${'['.repeat(5000)}\\`, list: Array.from({ length: 5000 }, () => []) }
    edit(folder, { json: { userDefinedMetadata: more } })
    expect(await loadedBits(folder)).toEqual(allBits(smallModel()))
  })
})

describe('fileHandler, loading while others save', () => {
  it('fileHandler loads the new model where the old one is replaced between its two files', async () => {
    const folder = await savedFolder()
    const spy = vi.spyOn(promises, 'open').mockImplementation(async (...args) => {
      const file = await open(...args)
      spy.mockRestore()
      // model.json is open; now another model takes its place, and the old weights go.
      await smallModel(2).save(fileHandler(folder))
      return file
    })
    expect(await loadedBits(folder)).toEqual(allBits(smallModel(2)))
  })

  it('fileHandler loads one model or the other, 300 times while 60 are saved', async () => {
    const folder = await savedFolder()
    const models = [smallModel(1), smallModel(2)]
    const wanted = models.map((model) => JSON.stringify(allBits(model)))
    await models[0]!.save(fileHandler(folder))
    let [loads, saves] = [0, 0]
    const loading = async () => {
      while (loads < 300 || saves < 60) {
        loads++
        const { weightData } = await fileHandler(folder).load!()
        const [bytes] = weightData as ArrayBuffer[]
        const bits = [...new Uint32Array(bytes!)]
        expect(wanted.map((text) => JSON.parse(text).flat())).toContainEqual(bits)
      }
    }
    const saving = async () => {
      while (loads < 300 || saves < 60) await models[++saves % 2]!.save(fileHandler(folder))
    }
    await Promise.all([loading(), loading(), saving()])
  })

  it('fileHandler tells a file that is missing from a model that nobody replaces', async () => {
    const folder = await savedFolder()
    fs.rmSync(join(folder, shardOf(folder)))
    expect(await loadRefusal(folder)).toMatch(/^Error: .*got ENOENT/)
  })
})

describe('saving where a symbolic link is', () => {
  it('saveCompressed keeps the link and replaces the file that it leads to', async () => {
    const folder = temporaryFolder()
    const [link, target] = [join(folder, 'current.tfpr'), join(folder, 'deep', 'v1.tfpr')]
    mkdirSync(dirname(target))
    writeFileSync(target, 'old')
    symlinkSync('deep/v1.tfpr', link)
    await saveCompressed(smallModel(), link)
    expect(readlinkSync(link)).toBe('deep/v1.tfpr')
    expect(lstatSync(target).isFile()).toBe(true)
    const loaded = await loadLayersModel(compressedHandler(target))
    expect(allBits(loaded)).toEqual(allBits(smallModel()))
    expect(Object.keys(filesIn(dirname(target)))).toEqual(['v1.tfpr'])
  })

  it('saveCompressed refuses a link that leads nowhere, and one that leads to a folder', async () => {
    const folder = temporaryFolder()
    symlinkSync('gone', join(folder, 'nowhere'))
    symlinkSync('.', join(folder, 'here'))
    const refusal = (name: string) =>
      lateRefusalOf(() => saveCompressed(smallModel(), join(folder, name)))
    const task = 'Error: Cannot save the compressed model: expected'
    expect(await refusal('nowhere')).toMatch(
      `${task} a file behind the symbolic link ${folder}/nowhere, got ENOENT`,
    )
    expect(await refusal('here')).toBe(
      `${task} a path of a file, got a folder or a device, ${folder}/here`,
    )
    expect(fs.readdirSync(folder).sort()).toEqual(['here', 'nowhere'])
  })

  it('fileHandler saves over no model.json that is a link, and changes nothing', async () => {
    const folder = await savedFolder()
    replaceByLink(join(folder, 'model.json'), join(folder, 'inner', 'model.json'))
    const before = readFileSync(join(folder, 'model.json'), 'latin1')
    const names = fs.readdirSync(folder)
    expect(await lateRefusalOf(async () => smallModel(2).save(fileHandler(folder)))).toMatch(
      /^Error: Cannot save the model: expected .*model\.json to be a file, .*got a symbolic link$/,
    )
    expect(readFileSync(join(folder, 'model.json'), 'latin1')).toBe(before)
    expect(fs.readdirSync(folder)).toEqual(names)
  })
})

describe('temporary files of processes that were killed', () => {
  const HOUR = 3600
  const uuid = '01234567-89ab-4cde-8f01-23456789abcd'
  const ours = (folder: string, digit: number) =>
    join(folder, `.tfjs-prune-${digit}${uuid.slice(1)}.tmp`)

  function leaveAt(path: string, secondsAgo: number): void {
    writeFileSync(path, 'half of a model')
    const then = Date.now() / 1000 - secondsAgo
    utimesSync(path, then, then)
  }

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['fileHandler', async (folder) => smallModel().save(fileHandler(folder))],
    ['saveCompressed', (folder) => saveCompressed(smallModel(), join(folder, 'm.tfpr'))],
  ])('%s sweeps those of this library that are an hour old, and no others', async (_, save) => {
    const folder = temporaryFolder()
    leaveAt(ours(folder, 1), HOUR + 5)
    leaveAt(ours(folder, 2), 100 * HOUR)
    const left = [
      ours(folder, 3),
      join(folder, '.other.tmp'),
      join(folder, `.${uuid}.tmp`),
      join(folder, `.tfjs-prune-${uuid}.tmp.txt`),
    ]
    for (const path of left) leaveAt(path, path === left[0] ? HOUR - 60 : 100 * HOUR)
    const outside = join(temporaryFolder(), 'outside')
    leaveAt(outside, 100 * HOUR)
    symlinkSync(outside, ours(folder, 4))
    mkdirSync(ours(folder, 5))
    await save(folder)
    expect([1, 2].map((digit) => existsSync(ours(folder, digit)))).toEqual([false, false])
    for (const path of [...left, outside, ours(folder, 4), ours(folder, 5)])
      expect(existsSync(path), path).toBe(true)
  })

  it('saveCompressed writes under such a name, and saves where sweeping fails', async () => {
    const folder = temporaryFolder()
    leaveAt(ours(folder, 1), 2 * HOUR)
    vi.spyOn(promises, 'readdir').mockRejectedValue(new Error('EACCES'))
    const spy = vi.spyOn(promises, 'open')
    await saveCompressed(smallModel(), join(folder, 'm.tfpr'))
    const temporary = String(spy.mock.calls.find((args) => args[1] === 'wx')![0])
    expect(temporary.slice(folder.length)).toMatch(/^\/\.tfjs-prune-[\da-f-]{36}\.tmp$/)
    expect(fs.readdirSync(folder).sort()).toEqual([
      ours(folder, 1).slice(folder.length + 1),
      'm.tfpr',
    ])
  })
})

describe('URLs of files', () => {
  const wanted =
    'expected a file:// URL without a host, such as file:///folder or file://./folder, got'

  it.each(['file://localhost/a/b', 'file://server/share', 'file://models'])(
    'fileHandler, saveCompressed and compressedHandler refuse the host of %s',
    async (url) => {
      expect(refusalOf(() => fileHandler(url))).toBe(
        `RangeError: Cannot use files: ${wanted} ${url}`,
      )
      expect(await lateRefusalOf(() => saveCompressed(smallModel(), url))).toBe(
        `RangeError: Cannot save the compressed model: ${wanted} ${url}`,
      )
      expect(await lateRefusalOf(() => compressedHandler(url).load!())).toBe(
        `RangeError: Cannot load the model: ${wanted} ${url}`,
      )
      for (const name of ['localhost', 'server', 'models']) expect(existsSync(name)).toBe(false)
    },
  )

  it('fileHandler and saveCompressed take URL objects of files, with escapes', async () => {
    const folder = join(temporaryFolder(), 'with ä space')
    const url = pathToFileURL(folder)
    await smallModel(1).save(fileHandler(url))
    expect(await loadedBits(folder)).toEqual(allBits(smallModel(1)))
    const file = pathToFileURL(join(folder, 'm.tfpr'))
    await saveCompressed(smallModel(2), file)
    const loaded = await loadLayersModel(compressedHandler(file))
    expect(allBits(loaded)).toEqual(allBits(smallModel(2)))
  })

  it('fileHandler refuses URL objects of a host and of other schemes', () => {
    expect(refusalOf(() => fileHandler(new URL('file://server/a')))).toMatch(
      /^RangeError: Cannot use files: expected a file:\/\/ URL without a host/,
    )
    expect(refusalOf(() => fileHandler(new URL('https://host/a')))).toBe(
      'RangeError: Cannot use files: expected a path or a file:// URL, got https://host/a',
    )
  })

  it('fileHandler takes a relative file:// URL that begins with a dot', async () => {
    const path = join('.', fs.mkdtempSync('.tfjs-prune-relative-'))
    try {
      await smallModel(1).save(fileHandler(`file://./${path}`))
      expect(await loadedBits(path)).toEqual(allBits(smallModel(1)))
    } finally {
      fs.rmSync(path, { recursive: true })
    }
  })
})
