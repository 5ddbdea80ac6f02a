/**
 * The program of a process that runs jobs: the process that started it sends them, one at a time.
 * The first argument is the URL of their module.
 */
import { loadJob } from '../load-job.js'
import { runJob } from '../run-job.js'
import { endWithParent } from './end-with-parent.js'
import type { FromProcess, ToProcess } from './messages.js'

interface Host {
  readonly argv: readonly string[]
  send(message: FromProcess): void
  on(event: 'message', take: (message: ToProcess) => void): void
}

const host = (globalThis as unknown as { process: Host }).process
const module = host.argv[2]!
let stop = new AbortController()

endWithParent()
host.on('message', (message) => {
  if (message.type === 'run') void run(message)
  else stop.abort(new Error('The worker was told to stop'))
})
try {
  await loadJob(module)
  host.send({ type: 'ready' })
} catch (error) {
  const { name, message } = error as Error
  host.send({ type: 'refused', error: { name, message } })
}

async function run({ job, attempt, worker }: ToProcess & { type: 'run' }): Promise<void> {
  stop = new AbortController()
  const { signal } = stop
  const progress = (share: number, message?: string) =>
    host.send({ type: 'progress', share, ...(message !== undefined && { message }) })
  try {
    const outcome = await runJob(job, { module, attempt, signal, progress, worker })
    host.send({ type: 'ended', outcome })
  } catch {
    host.send({ type: 'stopped' })
  }
}
