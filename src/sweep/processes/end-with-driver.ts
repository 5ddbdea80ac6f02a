import { nodeBuiltin } from '../../internal/node-builtin.js'

interface Child {
  readonly connected: boolean
  readonly ppid: number
  once(event: 'disconnect', listener: () => void): void
  exit(code: number): never
}

interface Threads {
  readonly Worker: new (code: string, options: object) => { unref(): void }
}

/** Ends the process where its parent has ended: in a thread, for a job may block its own for long. */
const WATCH = `
const { workerData: parent } = require('node:worker_threads')
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, 500)
`

let isWatched = false

/** Makes a worker process end when its driver has ended, even by `kill -9`. */
export function endWithDriver(): void {
  const child = nodeBuiltin<Child>('node:process')
  const threads = nodeBuiltin<Threads>('node:worker_threads')
  if (isWatched || !child?.connected || !threads) return
  isWatched = true
  child.once('disconnect', () => child.exit(1))
  const options = { eval: true, workerData: child.ppid, execArgv: [], stdin: false }
  new threads.Worker(WATCH, options).unref()
}
