import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { call, temporaryFolder } from '../../cli/support.js'
import { skipsRedis, startRedis, type TestRedis } from './start-redis.js'

const folder = temporaryFolder()
const jobs = fileURLToPath(new URL('../jobs/squares.js', import.meta.url))
let server: TestRedis

beforeAll(async () => {
  if (skipsRedis) return
  server = await startRedis({ password: 'secret' })
  vi.stubEnv('NODE_OPTIONS', '--import tsx') // the sources are TypeScript
})
afterAll(async () => {
  if (skipsRedis) return
  vi.unstubAllEnvs()
  await server.end()
})

describe.skipIf(skipsRedis)('worker', () => {
  test('worker runs the jobs of a sweep from a queue, and ends when there are none', async () => {
    const place = ['-q', server.url, '-n', 'study']
    const [swept, worked] = await Promise.all([
      call('sweep', '-m', jobs, ...place, '-s', join(folder, 'rows'), '--json'),
      call('worker', '-m', jobs, ...place, '--idle', '3'),
    ])
    expect(worked.code).toBe(0)
    expect(swept.code).toBe(0)
    expect(JSON.parse(swept.printed).rows).toEqual(
      [1, 2, 3].map((seed) => ({ seed, square: seed * seed })),
    )
    const address = `redis://127.0.0.1:${server.port}`
    expect(worked.printed).toBe(`the queue study at ${address}: 3 jobs done`)
    expect(worked.told).toContain(`Working for the queue study at ${address}.`)
    expect(worked.told).toMatch(/^seed=2 in \d+\.\d s$/m)
  })

  test('worker reads the address from REDIS_URL, and tells one that is none', async () => {
    vi.stubEnv('REDIS_URL', 'http://:secret@localhost')
    const { code, told } = await call('worker', '-m', jobs, '-n', 'study')
    expect(code).not.toBe(0)
    expect(told).toContain('a URL of http:')
    expect(told).not.toContain('secret')
    vi.stubEnv('REDIS_URL', undefined)
    expect((await call('worker', '-m', jobs, '-n', 'study')).code).toBe(2)
  })

  test('sweep keeps its outcomes in Redis, and prints no password', async () => {
    const store = ['-s', server.url, '-n', 'kept']
    const { code, printed } = await call('sweep', '-m', jobs, ...store)
    expect(code).toBe(0)
    expect(printed).toBe(`kept at redis://127.0.0.1:${server.port}: 3 rows of 3 jobs`)
    const again = await call('sweep', '-m', jobs, ...store, '--json')
    expect(JSON.parse(again.printed)).toMatchObject({ skipped: 3 })
    expect((await call('sweep', '-m', jobs, '-s', server.url)).code).toBe(2)
  })
})
