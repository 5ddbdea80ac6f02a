import { thisOwner } from '../runs/lock-owner.js'

/** The name of this process among workers, e.g. `host:1234`. */
export function workerName(): string {
  const { host, pid } = thisOwner()
  return `${host}:${pid}`
}
