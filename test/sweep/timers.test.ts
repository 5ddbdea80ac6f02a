import { expect, test, vi } from 'vitest'
import { pause } from '../../src/sweep/pause.js'
import { idleTimer } from '../../src/sweep/queue/idle-timer.js'
import { worker } from '../../src/sweep/queue/worker.js'

const soon = () => new Promise((resolve) => setTimeout(resolve, 30))

test.each<[object, string]>([
  [
    { idleSeconds: 30 * 86_400 },
    'expected idleSeconds to be above 0 and at most 2147483, or Infinity',
  ],
  [{ idleSeconds: 0 }, 'expected idleSeconds to be above 0'],
  [{ lockSeconds: 1e9 }, 'expected lockSeconds to be above 0 and at most 2147483, got 1000000000'],
])('worker refuses times that no timer waits for: %j', async (times, message) => {
  const place = { module: 'no-module.js', connection: 'redis://localhost', name: 'study' }
  await expect(worker({ ...place, ...times })).rejects.toThrow(message)
})

test('idleTimer with Infinity never ends', async () => {
  const rest = vi.fn()
  const { end } = idleTimer(Number.POSITIVE_INFINITY, rest)
  await soon()
  end()
  expect(rest).not.toHaveBeenCalled()
})

test('pause of a year waits until it is aborted', async () => {
  const stop = new AbortController()
  const ended = vi.fn()
  const waiting = pause(365 * 86_400_000, stop.signal).then(ended)
  await soon()
  expect(ended).not.toHaveBeenCalled()
  stop.abort()
  await expect(waiting).rejects.toThrow('aborted')
})
