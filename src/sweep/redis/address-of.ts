import type { RedisConnection } from './redis-connection.js'

/** The address of a Redis for messages: without user and password. */
export function addressOf(connection: RedisConnection): string {
  if (typeof connection === 'string') {
    const { protocol, host, pathname } = new URL(connection)
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`
  }
  const { host = 'localhost', port = 6379, path, tls } = connection
  if (typeof path === 'string') return path
  return `${tls ? 'rediss' : 'redis'}://${host}:${port}`
}
