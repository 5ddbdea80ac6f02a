import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A Redis of a test's own, which keeps its data on the disk. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  /** Ends it without warning and starts it anew with the data of its disk. */
  readonly restart: (pauseMilliseconds?: number) => Promise<void>
  readonly end: () => Promise<void>
}

export interface TestRedisOptions {
  readonly password?: string
  /** When changes are flushed to the disk: before they are answered, or each second. */
  readonly flush?: 'always' | 'everysec'
}

/** Whether the caller leaves out the tests that need a Redis. */
export const skipsRedis = process.env.SKIP_REDIS === '1'

/** Starts a server on a free port, in a folder of its own. */
export async function startRedis({
  password,
  flush = 'always',
}: TestRedisOptions = {}): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'))
  const port = await freePort()
  const own = password ? ['--requirepass', password] : []
  const disk = ['--appendonly', 'yes', '--appendfsync', flush]
  const url = `redis://${password ? `:${password}@` : ''}127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const start = async () => {
    const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
    server = spawn('redis-server', [...place, ...disk, ...own], { stdio: 'ignore' })
    const failed = new Promise<never>((_, reject) => server!.once('error', reject))
    await Promise.race([answers(url), failed]).catch((cause) => {
      throw new Error('redis-server is needed (or SKIP_REDIS=1)', { cause })
    })
  }
  const kill = async () => {
    const ended = new Promise((resolve) => server!.once('exit', resolve))
    server!.kill('SIGKILL')
    await ended
  }
  const restart = async (pause = 0) => {
    await kill()
    await new Promise((resolve) => setTimeout(resolve, pause))
    await start()
  }
  const end = async () => {
    await kill()
    rmSync(folder, { recursive: true, force: true })
  }
  await start()
  return { url, port, restart, end }
}

async function answers(url: string): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  // Without a server it waits, which must not hold the process up.
  await redis.ping().finally(() => redis.disconnect())
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
