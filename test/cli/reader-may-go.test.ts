import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readerMayGo } from '../../src/cli/terminal/reader-may-go.js'

const failed = (code: string) => Object.assign(new Error(`write ${code}`), { code })

test('readerMayGo lets the other end of a pipe close it, and hides no other error', () => {
  const stream = new PassThrough()
  readerMayGo(stream)
  expect(() => stream.emit('error', failed('EPIPE'))).not.toThrow()
  expect(() => stream.emit('error', failed('ENOSPC'))).toThrow('write ENOSPC')
})
