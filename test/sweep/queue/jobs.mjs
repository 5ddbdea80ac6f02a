// The jobs of the tests: each writes a line where it begins, so that runs can be counted.
import { appendFileSync } from 'node:fs'

const tasks = {
  square: ({ n }) => ({ square: n ** 2 }),
  sleep: async ({ seconds }) => {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    return { slept: seconds }
  },
  // As tfjs does on wasm: the process hears nothing until it is done.
  block: ({ seconds }) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000)
    return { blocked: seconds }
  },
  fail: ({ times }, { attempt }) => {
    if (attempt <= times) throw new RangeError(`bad point, try ${attempt}`)
    return { attempt }
  },
  progress: (_point, { progress }) => {
    progress(0.5, 'half of it')
    return [{ level: 1 }, { level: 2 }]
  },
  killSelf: () => process.kill(process.pid, 'SIGKILL'),
  killWorker: () => {
    process.kill(process.ppid, 'SIGKILL')
    return new Promise(() => {})
  },
}

export default async (point, context) => {
  if (process.env.STARTS) appendFileSync(process.env.STARTS, `${context.key} ${process.pid}\n`)
  return tasks[point.task](point, context)
}
