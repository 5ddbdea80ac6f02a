/** ioredis, which the user installs. */
export type RedisModule = typeof import('ioredis')

/** A connection to Redis. */
export type Redis = InstanceType<RedisModule['Redis']>

/** BullMQ, which the user installs. */
export type BullModule = typeof import('bullmq')

/** Loads ioredis; bundlers leave the import alone. */
export const loadRedis = (task: string) => load<RedisModule>('ioredis', task)

/** Loads BullMQ; bundlers leave the import alone. */
export const loadBull = (task: string) => load<BullModule>('bullmq', task)

async function load<T>(name: string, task: string): Promise<T> {
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as T
  } catch (cause) {
    const wanted = `the package ${name} to be there (npm install bullmq ioredis)`
    const { message } = cause as Error
    throw new Error(`Cannot ${task}: expected ${wanted}, got ${message}`, { cause })
  }
}
