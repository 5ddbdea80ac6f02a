import { nodeBuiltin } from '../../internal/node-builtin.js'
import { jobProcessUrl } from '../job-process-url.js'
import type { FromProcess, ToProcess } from './messages.js'

/** The process of a job has ended before the job, e.g. for lack of memory. */
export class LostProcess extends Error {
  override readonly name = 'LostProcess'
}

/** Whoever waits for a process. */
export interface Listener {
  readonly take: (message: FromProcess) => void
  readonly lose: (error: LostProcess) => void
}

/** A running process of jobs, with one listener at a time. */
export interface ProcessLink {
  readonly listen: (listener: Listener) => void
  readonly send: (message: ToProcess) => void
  readonly isAlive: () => boolean
  readonly end: () => void
}

interface Child {
  send(message: ToProcess, sent: (error: Error | null) => void): void
  kill(signal: 'SIGKILL'): void
  on(event: 'message', take: (message: FromProcess) => void): void
  on(event: 'exit', take: (code: number | null, signal: string | null) => void): void
  on(event: 'error', take: (error: Error) => void): void
}

interface Children {
  fork(path: URL, args: readonly string[], options: { stdio: readonly string[] }): Child
}

const NOBODY: Listener = { take: () => {}, lose: () => {} }

/** Starts a process of jobs, which ends with this one. Its output goes where that of this one goes. */
export function linkToProcess(module: string): ProcessLink {
  const { fork } = nodeBuiltin<Children>('node:child_process')!
  const child = fork(jobProcessUrl(), [module], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  let listener = NOBODY
  let isAlive = true
  const lose = (why: string) => {
    isAlive = false
    listener.lose(new LostProcess(`The process of the job ended: ${why}`))
  }
  child.on('message', (message) => listener.take(message))
  child.on('exit', (code, signal) => lose(signal ?? `exit code ${code}`))
  child.on('error', (error) => lose(error.message))
  return {
    listen: (next) => {
      listener = next
      if (!isAlive) next.lose(new LostProcess('The process of the job ended before it'))
    },
    // An error here is an end of the process, which is told by itself.
    send: (message) => isAlive && child.send(message, () => {}),
    isAlive: () => isAlive,
    end: () => child.kill('SIGKILL'),
  }
}
