import type { OpenedRedis } from './open-redis.js'

/**
 * Throws where the memory of the server is full: it refuses outcomes, and workers would try for ever
 * to hand theirs in.
 */
export async function checkMemory({ redis, address }: OpenedRedis, task: string): Promise<void> {
  const info = await redis.info('memory')
  const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1])
  // Buffers of replicas and of the file that is appended to are not counted.
  const used = of('used_memory') - (of('mem_not_counted_for_evict') || 0)
  const most = of('maxmemory')
  if (!(most > 0 && used > most)) return
  const got = `${used} bytes in use of ${most}: raise maxmemory; the jobs stay in the queue`
  throw new Error(`Cannot ${task}: expected memory left in Redis at ${address}, got ${got}`)
}
