import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as streams from '../../../src/files/container/deflate.js'
import { lateRefusalOf } from '../../support/refusal-of.js'
import { randomValues } from '../../support/weights.js'

const turn = async () => {}
const deflate = (bytes: Uint8Array) => streams.deflate(bytes, turn)
const deflateBelow = (bytes: Uint8Array, limit: number) =>
  streams.deflateBelow(bytes, { limit, turn })
const inflate = (bytes: Uint8Array, size: number, what: string) =>
  streams.inflate(bytes, { size, what, turn })

const text = new TextEncoder().encode('positions, then values; '.repeat(400))
const noise = new Uint8Array(randomValues(5000).buffer)

test('deflate writes what zlib reads, and inflate reads what zlib writes', async () => {
  for (const bytes of [text, noise, new Uint8Array(0), Uint8Array.of(1)]) {
    expect(new Uint8Array(inflateRawSync(await deflate(bytes)))).toEqual(bytes)
    expect(await inflate(deflateRawSync(bytes), bytes.length, 'bytes')).toEqual(bytes)
  }
})

test('deflateBelow gives nothing that is not smaller', async () => {
  expect((await deflateBelow(text, text.length))!.length).toBeLessThan(200)
  expect(await deflateBelow(noise.subarray(0, 300), 300)).toBeUndefined()
  expect(await deflateBelow(new Uint8Array(8), 8)).toBeUndefined()
})

test('inflate refuses streams that are cut off, broken, or of another length', async () => {
  const deflated = deflateRawSync(text)
  const refusal = (bytes: Uint8Array, size: number) =>
    lateRefusalOf(() => inflate(bytes, size, 'a text'))
  const length = /^RangeError: Cannot load the model: expected a text of \d+ bytes, got (more|\d+)$/
  expect(await refusal(deflated, text.length - 1)).toMatch(length)
  expect(await refusal(deflated, text.length + 1)).toMatch(length)
  expect(await refusal(deflated, 0)).toMatch(length)
  for (let end = 0; end < deflated.length; end++) {
    expect(await refusal(deflated.subarray(0, end), text.length)).toMatch(
      /^RangeError: Cannot load the model/,
    )
  }
  const broken = deflated.slice()
  broken[0] = 0b111
  expect(await refusal(broken, text.length)).toBe(
    'RangeError: Cannot load the model: expected a text in DEFLATE, got a broken stream',
  )
})

test('inflate stops at the first byte too many of a bomb', async () => {
  // 64 MiB of zeros in 64 kB.
  const bomb = deflateRawSync(new Uint8Array(2 ** 26), { level: 9 })
  const before = process.memoryUsage().arrayBuffers
  expect(await lateRefusalOf(() => inflate(bomb, 1000, 'a header'))).toBe(
    'RangeError: Cannot load the model: expected a header of 1000 bytes, got more',
  )
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 23)
})
