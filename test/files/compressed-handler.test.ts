import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { io } from '@tensorflow/tfjs-core'
import { loadLayersModel } from '@tensorflow/tfjs-layers'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type CompressedSource, compressedHandler } from '../../src/files/compressed-handler.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { bitsOf, weightsByName } from '../support/weights.js'
import { pack, takeApart } from './container/forge.js'

let file: Uint8Array<ArrayBuffer>
let wanted: Record<string, number[]>

beforeAll(async () => {
  const model = smallModel()
  file = new Uint8Array(await pack(model, { mask: everyFourth(model) }))
  wanted = await bitsFrom(file)
  expect(wanted['hidden/kernel']!.filter((bits) => bits !== 0)).toHaveLength(18)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

async function bitsFrom(
  ...args: Parameters<typeof compressedHandler>
): Promise<Record<string, number[]>> {
  const loaded = await loadLayersModel(compressedHandler(...args))
  const weights = Object.entries(weightsByName(loaded)).map(([name, values]) => [
    name,
    bitsOf(values),
  ])
  loaded.dispose()
  return Object.fromEntries(weights)
}

const refusal = (source: CompressedSource, options?: Parameters<typeof compressedHandler>[1]) =>
  lateRefusalOf(() => compressedHandler(source, options).load!())

/** Chunks of so many bytes; says what was taken and whether the source was let go. */
function inChunks(bytes: Uint8Array, length: number) {
  const seen = { chunks: 0, closed: false }
  async function* chunks() {
    try {
      for (let at = 0; at < bytes.length; at += length) {
        seen.chunks++
        yield bytes.subarray(at, at + length)
      }
    } finally {
      seen.closed = true
    }
  }
  return { source: chunks(), seen }
}

/** Answers one request with a body. */
function answering(body: BodyInit | null, init?: ResponseInit) {
  const requests: [unknown, RequestInit | undefined][] = []
  const fetchFunc = async (url: unknown, request?: RequestInit) => {
    requests.push([url, request])
    return new Response(body, init)
  }
  return { fetching: { fetchFunc: fetchFunc as typeof fetch }, requests }
}

describe('compressedHandler', () => {
  test.each([1, 2, 3, 7, 64, 500, 100_000])(
    'reads chunks of %d bytes, cut anywhere',
    async (length) => {
      const { source, seen } = inChunks(file, length)
      expect(await bitsFrom(source)).toEqual(wanted)
      expect(seen).toEqual({ chunks: Math.ceil(file.length / length), closed: true })
    },
  )

  test('reads empty chunks, a ReadableStream, an ArrayBuffer and a view into a larger one', async () => {
    async function* withGaps() {
      for (const byte of file) yield* [new Uint8Array(0), Uint8Array.of(byte)]
      yield new Uint8Array(0)
    }
    expect(await bitsFrom(withGaps())).toEqual(wanted)
    expect(await bitsFrom(new Blob([file]).stream())).toEqual(wanted)
    expect(await bitsFrom(file.buffer)).toEqual(wanted)
    const larger = new Uint8Array(file.length + 8)
    larger.set(file, 3)
    expect(await bitsFrom(larger.subarray(3, 3 + file.length))).toEqual(wanted)
  })

  test('reads a Blob and a File, as often as it is asked to', async () => {
    for (const source of [new Blob([file]), new File([file], 'dropped.tfpr')]) {
      const handler = compressedHandler(source)
      for (const _ of [1, 2]) expect((await handler.load!()).weightSpecs).toHaveLength(4)
      expect(await bitsFrom(source)).toEqual(wanted)
    }
  })

  test('reads data: and blob: URLs, and URL objects of all kinds', async () => {
    const blob = URL.createObjectURL(new Blob([file]))
    const data = `data:application/octet-stream;base64,${Buffer.from(file).toString('base64')}`
    for (const url of [blob, data]) {
      expect(await bitsFrom(url)).toEqual(wanted)
      expect(await bitsFrom(new URL(url))).toEqual(wanted)
    }
    URL.revokeObjectURL(blob)
    const { fetching, requests } = answering(file)
    await compressedHandler(new URL('https://host/a b.tfpr?v=1'), fetching).load!()
    expect(requests.map(([url]) => url)).toEqual(['https://host/a%20b.tfpr?v=1'])
    const folder = mkdtempSync(join(tmpdir(), 'url object-'))
    writeFileSync(join(folder, 'ä.tfpr'), file)
    expect(await bitsFrom(pathToFileURL(join(folder, 'ä.tfpr')))).toEqual(wanted)
    rmSync(folder, { recursive: true })
  })

  test('reads a stream of a browser that cannot iterate over streams', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    void writer.write(file).then(() => writer.close())
    const stream = {
      getReader: () => readable.getReader(),
    } as unknown as ReadableStream<Uint8Array>
    expect(await bitsFrom(stream)).toEqual(wanted)
  })

  test('takes no chunk before it needs it: never more than a section and a chunk are held', async () => {
    const { header, sections } = takeApart(file)
    const start = file.length - sections.reduce((sum, { length }) => sum + length, 0)
    // Ends of the header and of each section: what has to be there when progress is told.
    const ends = header.weights.map(({ positionBytes, valueBytes }) => positionBytes + valueBytes)
    const total = [start, ...ends].map(
      (_, i) => start + ends.slice(0, i).reduce((sum, length) => sum + length, 0),
    )
    for (const length of [1, 5, 16]) {
      const { source, seen } = inChunks(file, length)
      const taken: number[] = []
      const read: number[] = []
      const onProgress = (fraction: number) => {
        taken.push(seen.chunks * length)
        read.push(Math.round(fraction * file.length))
      }
      await compressedHandler(source, { onProgress }).load!()
      expect(read).toEqual(total)
      taken.forEach((bytes, i) => {
        expect(bytes - read[i]!).toBeLessThan(length + 1)
      })
    }
  })

  test('tells progress up to 1, which comes once and last', async () => {
    const fractions: number[] = []
    await compressedHandler(file, { onProgress: (fraction) => fractions.push(fraction) }).load!()
    expect(fractions).toHaveLength(5)
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    expect(fractions.indexOf(1)).toBe(4)
    fractions.length = 0
    const longer = Uint8Array.from([...file, 0])
    await refusal(longer, { onProgress: (fraction) => fractions.push(fraction) })
    expect(fractions).not.toContain(1)
  })

  test('loads as often as it is asked to, from bytes', async () => {
    const handler = compressedHandler(file)
    const [first, second] = [await handler.load!(), await handler.load!()]
    expect(first).toEqual(second)
    expect((first.weightData as ArrayBuffer[])[0]).not.toBe((second.weightData as ArrayBuffer[])[0])
    expect(handler.save).toBeUndefined()
  })

  test('stops at a signal, between chunks and while it waits for one, and lets the source go', async () => {
    const reason = new Error('enough')
    const { source, seen } = inChunks(file, 1)
    const controller = new AbortController()
    const onProgress = () => controller.abort(reason)
    const signal = controller.signal
    await expect(compressedHandler(source, { signal, onProgress }).load!()).rejects.toBe(reason)
    expect(seen.closed).toBe(true)
    expect(seen.chunks).toBeLessThan(file.length)

    let cancelled: unknown = 'no'
    const stalled = new ReadableStream<Uint8Array>({
      start: (out) => out.enqueue(file.subarray(0, 30)),
      cancel: () => {
        cancelled = 'yes'
      },
    })
    const later = new AbortController()
    const loading = compressedHandler(stalled, { signal: later.signal }).load!()
    setTimeout(() => later.abort(reason), 20)
    await expect(loading).rejects.toBe(reason)
    expect(cancelled).toBe('yes')

    // Bytes come in one chunk: there is no next one to wait for.
    const within = new AbortController()
    const fractions: number[] = []
    const stop = (fraction: number) => {
      fractions.push(fraction)
      within.abort(reason)
    }
    await expect(
      compressedHandler(file, { signal: within.signal, onProgress: stop }).load!(),
    ).rejects.toBe(reason)
    expect(fractions).toHaveLength(1)

    const before = AbortSignal.abort(reason)
    await expect(compressedHandler(file, { signal: before }).load!()).rejects.toBe(reason)
  })

  test('hands the signal to fetch, whose own error does not hide the reason', async () => {
    const controller = new AbortController()
    const reason = new Error('closed')
    const fetchFunc = ((_: unknown, { signal }: RequestInit) =>
      new Promise((_, reject) =>
        signal!.addEventListener('abort', () => reject(new Error('fetch was aborted'))),
      )) as typeof fetch
    const loading = compressedHandler('https://host/m.tfpr', {
      fetchFunc,
      signal: controller.signal,
    }).load!()
    setTimeout(() => controller.abort(reason), 10)
    await expect(loading).rejects.toBe(reason)
  })

  test('fetches http URLs with the options of the request', async () => {
    const { fetching, requests } = answering(file)
    const requestInit = { credentials: 'include' as const }
    expect(await bitsFrom('https://host/model.tfpr', { ...fetching, requestInit })).toEqual(wanted)
    expect(requests).toMatchObject([['https://host/model.tfpr', requestInit]])
    const plain = answering(file)
    vi.stubGlobal('fetch', plain.fetching.fetchFunc)
    expect(await bitsFrom('HTTP://host/model.tfpr')).toEqual(wanted)
  })

  test('fetches a path where there are no files, as in a browser', async () => {
    const { fetching, requests } = answering(file)
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    expect(await refusal('file:///model.tfpr', fetching)).toMatch(
      /^RangeError: .* expected Node 20.16 or later/,
    )
    const artifacts = await compressedHandler('models/a.tfpr', fetching).load!()
    expect(artifacts.weightSpecs).toHaveLength(4)
    expect(requests.map(([url]) => url)).toEqual(['models/a.tfpr'])
  })

  test('refuses what a server answers instead: another status, a page, half of the file, an error midway', async () => {
    const url = 'https://host/m.tfpr'
    const task = 'RangeError: Cannot load the model: expected'
    expect(await refusal(url, answering('no', { status: 404 }).fetching)).toBe(
      `${task} a container at ${url}, got status 404`,
    )
    expect(
      await refusal(url, answering('<!doctype html><title>no such page</title>').fetching),
    ).toMatch(`${task} a container, which starts with TFPR`)
    expect(await refusal(url, answering(null).fetching)).toBe(
      `${task} a preamble of 20 bytes, got an end after 0, in ${url}`,
    )
    expect(await refusal(url, answering(file.subarray(0, file.length - 5)).fetching)).toMatch(
      /a section for out\/bias of \d+ bytes/,
    )
    const torn = new ReadableStream<Uint8Array>({
      start: (out) => out.enqueue(file.subarray(0, 40)),
      pull: (out) => out.error(new Error('the connection was reset')),
    })
    const failing = compressedHandler(url, answering(torn).fetching).load!()
    await expect(failing).rejects.toThrow(
      'expected to read the container, got the connection was reset',
    )
    await expect(failing).rejects.toMatchObject({
      name: 'RangeError',
      cause: { message: 'the connection was reset' },
    })
    const offline = (async () =>
      Promise.reject(new TypeError('fetch failed'))) as unknown as typeof fetch
    expect(await refusal(url, { fetchFunc: offline })).toBe(
      `${task} to read the container, got fetch failed, in ${url}`,
    )
  })

  test('refuses a path of no file, a URL of no handler, and a handler that gives no container', async () => {
    const task = 'RangeError: Cannot load the model: expected'
    expect(await refusal('/no/such/file.tfpr')).toMatch(`${task} to read the container, got ENOENT`)
    expect(await refusal('nowhere://model')).toBe(
      `${task} a URL that tfjs has one load handler for here, got nowhere://model`,
    )
    expect(await refusal({ load: async () => ({}) })).toBe(
      `${task} a handler that gives weight data, got none`,
    )
    const stock = io.fromMemory({
      modelTopology: {},
      weightSpecs: [],
      weightData: new ArrayBuffer(100),
    })
    expect(await refusal(stock)).toMatch(`${task} a container, which starts with TFPR`)
    expect(await refusal({ load: () => Promise.reject(new Error('locked')) })).toBe(
      `${task} to read the container, got locked`,
    )
  })

  test('reads what a handler gives in several buffers or as a stream', async () => {
    const weightData = [file.slice(0, 100).buffer, file.slice(100).buffer]
    expect(await bitsFrom({ load: async () => ({ weightData }) })).toEqual(wanted)
    const getWeightStream = () =>
      new Blob([file]).stream() as unknown as ReadableStream<ArrayBuffer>
    expect(await bitsFrom({ load: async () => ({ getWeightStream }) })).toEqual(wanted)
  })

  test('refuses sources and options that are none at once', () => {
    const make =
      (...args: readonly unknown[]) =>
      () =>
        compressedHandler(...(args as Parameters<typeof compressedHandler>))
    for (const source of [undefined, null, 7, {}, [], new Float32Array(3), () => file]) {
      expect(make(source)).toThrow(
        /^Cannot load the model: expected bytes, a blob, a path, a URL, a handler or a stream, got/,
      )
    }
    expect(make(file, { maximumByte: 7 })).toThrow('expected options among maximumBytes')
    expect(make(file, { maximumBytes: -1 })).toThrow(
      'expected maximumBytes to be a whole number of at least 0, got -1',
    )
    expect(make(file, { maximumBytes: '1 GB' })).toThrow(TypeError)
    const cannot = 'Cannot load the model: expected'
    expect(make(file, { onProgress: 5 })).toThrow(
      new TypeError(`${cannot} a function as onProgress, got 5`),
    )
    expect(make(file, { fetchFunc: {} })).toThrow(
      new TypeError(`${cannot} a function as fetchFunc, got object`),
    )
    expect(make(file, { signal: 5 })).toThrow(
      new TypeError(`${cannot} an AbortSignal as signal, got 5`),
    )
  })

  test('refuses chunks that are no bytes', async () => {
    async function* texts() {
      yield 'TFPR' as unknown as Uint8Array
    }
    expect(await refusal(texts())).toContain('expected chunks of type Uint8Array, got string')
  })
})
