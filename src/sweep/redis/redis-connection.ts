/** Options of a connection, as ioredis takes them; all others of ioredis are allowed as well. */
export interface RedisConnectionOptions {
  /** @default 'localhost' */
  readonly host?: string
  /** @default 6379 */
  readonly port?: number
  readonly username?: string
  readonly password?: string
  /** Number of the database. @default 0 */
  readonly db?: number
  /** Options of TLS; an empty object asks for TLS with Node's own certificates. */
  readonly tls?: object
  readonly [option: string]: unknown
}

/** Where Redis is: a `redis://` or `rediss://` (TLS) URL, or options of ioredis. */
export type RedisConnection = string | RedisConnectionOptions
