import { nodeBuiltin } from '../../internal/node-builtin.js'

/** Looks at the parent from a thread of its own: a job may keep the main thread busy for long. */
const WATCH = `const parent = process.ppid
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL') }, 500)`

interface Threads {
  Worker: new (code: string, options: { eval: true; execArgv: [] }) => { unref(): void }
}

/** Ends this process when the one that started it has ended, by kill -9 too. */
export function endWithParent(): void {
  const { Worker } = nodeBuiltin<Threads>('node:worker_threads')!
  new Worker(WATCH, { eval: true, execArgv: [] }).unref()
}
