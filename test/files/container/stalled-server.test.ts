import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { compressedHandler } from '../../../src/files/compressed-handler.js'
import { lateRefusalOf } from '../../support/refusal-of.js'
import { smallModel } from '../../support/small-models.js'
import { pack } from './forge.js'

let file: Uint8Array
let server: Server | undefined

beforeAll(async () => {
  file = await pack(smallModel())
})
afterEach(() => {
  vi.useRealTimers()
  server?.closeAllConnections()
  server?.close()
})

/** Serves on this machine; tells the URL, and waits until no client is connected. */
async function serve(answer: RequestListener): Promise<{ url: string; left: () => Promise<true> }> {
  const sockets = new Set<Socket>()
  server = createServer(answer).on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.tfpr`,
    // A client that gives up early on a busy machine may never have come.
    left: () => vi.waitUntil(() => sockets.size === 0, { timeout: 60_000 }),
  }
}

const load = (url: string, options = {}) => compressedHandler(url, options).load!()

const STALLS: readonly [string, RequestListener][] = [
  ['before its answer', () => {}],
  ['behind the head of its answer', (_, response) => void response.flushHeaders()],
  ['within the header', (_, response) => void response.write(file.subarray(0, 30))],
  ['within the weights', (_, response) => void response.write(file.subarray(0, file.length - 5))],
]

test.each(STALLS)(
  'compressedHandler leaves a server that stalls %s, and hangs up',
  async (_, answer) => {
    const { url, left } = await serve(answer)
    expect(await lateRefusalOf(() => load(url, { maximumWait: 80 }))).toBe(
      `RangeError: Cannot load the model: expected the next bytes of ${url} within 80 ms (maximumWait), got none`,
    )
    await left()
  },
)

test('compressedHandler waits a minute by default, and for ever if it is told so', async () => {
  const silent = () => new Promise<Response>(() => {})
  vi.useFakeTimers()
  const outcomes: string[] = []
  const settle = (name: string) => () => void outcomes.push(name)
  load('http://host/m', { fetchFunc: silent }).catch(settle('default'))
  load('http://host/m', { fetchFunc: silent, maximumWait: Number.POSITIVE_INFINITY }).catch(
    settle('for ever'),
  )
  await vi.advanceTimersByTimeAsync(59_999)
  expect(outcomes).toEqual([])
  await vi.advanceTimersByTimeAsync(2)
  expect(outcomes).toEqual(['default'])
  await vi.advanceTimersByTimeAsync(2 ** 31)
  expect(outcomes).toEqual(['default'])
})

test('compressedHandler reads on from a slow server that never stalls for so long', async () => {
  const parts = 12
  const { url } = await serve((_, response) => {
    let sent = 0
    const send = () => {
      const [from, to] = [sent, ++sent].map((part) => Math.ceil((part * file.length) / parts))
      response.write(file.subarray(from, to))
      if (sent < parts) setTimeout(send, 100)
      else response.end()
    }
    send()
  })
  const before = performance.now()
  const { weightSpecs } = await load(url, { maximumWait: 1000 })
  expect(weightSpecs).toHaveLength(4)
  expect(performance.now() - before).toBeGreaterThan(1000)
})

test('compressedHandler hears its signal and that of the request while a server stalls', async () => {
  const reason = new Error('enough')
  for (const inRequest of [false, true]) {
    const controller = new AbortController()
    const { signal } = controller
    const { url, left } = await serve((_, response) => {
      response.write(file.subarray(0, 30))
      setTimeout(() => controller.abort(reason), 30)
    })
    const loading = load(url, inRequest ? { requestInit: { signal } } : { signal })
    if (inRequest) await expect(loading).rejects.toThrow(/^Cannot load the model: expected to read/)
    else await expect(loading).rejects.toBe(reason)
    await left()
    server!.close()
  }
})

test.each([0, -1, Number.NaN, 2 ** 31, '1 s'])(
  'compressedHandler refuses to wait for %s milliseconds',
  (maximumWait) => {
    expect(() => compressedHandler(file, { maximumWait: maximumWait as number })).toThrow(
      /^Cannot load the model: expected maximumWait to be above 0 and at most 2147483647, or Infinity, got/,
    )
  },
)
