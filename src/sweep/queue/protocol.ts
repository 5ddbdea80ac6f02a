import { nodeBuiltin } from '../../internal/node-builtin.js'
import type { SweepJob } from '../job.js'
import { packageVersion } from '../package-version.js'

/** Raised when drivers and workers would no longer understand each other. */
const PROTOCOL = 1

/** Start of the keys that BullMQ makes. */
export const PREFIX = 'tfjs-prune:queue'

/** A job as it lies in the queue. */
export interface QueuedJob extends SweepJob {
  readonly release: string
}

/** Keys of a queue beside those of BullMQ. */
export interface QueueKeys {
  /** The lock of the driver. */
  readonly driver: string
  /** The sweep that the queue is of. */
  readonly facts: string
  /** The channel on which a driver tells workers to give their jobs back. */
  readonly stop: string
}

/** Who may work together: the version of this package and that of the messages. */
export const release = `${packageVersion} (protocol ${PROTOCOL})`

/** The keys of a queue by its name. */
export function keysOf(name: string): QueueKeys {
  const start = `tfjs-prune:sweep:${name}`
  return { driver: `${start}:driver`, facts: `${start}:facts`, stop: `${start}:stop` }
}

interface Hashes {
  createHash(name: 'sha256'): { update(text: string): { digest(form: 'hex'): string } }
}

/** The name by which BullMQ knows a job: the same in each run of the sweep. */
export function jobIdOf(name: string, key: string): string {
  const { createHash } = nodeBuiltin<Hashes>('node:crypto')!
  const hash = createHash('sha256').update(`${name}\n${key}`).digest('hex')
  return `job-${hash.slice(0, 40)}`
}
