/**
 * The program of a worker, as text: bundlers then need not know of it. It takes calls from the board
 * until it is ended, and sleeps where there are none. The cells are those of `board.ts`.
 */
export const workerCode = `
const port = typeof require === 'function' ? require('node:worker_threads').parentPort : self
const start = async ({ module, memory, cells, names, layout }) => {
  const { LEFT, PENDING, TURN, SLEEPERS, ERROR, CALLS, CALL, SPINS } = layout
  const { exports } = await WebAssembly.instantiate(module, { host: { memory } })
  const compiled = names.map((name) => exports[name])
  const work = () => {
    for (;;) {
      const left = Atomics.load(cells, LEFT)
      if (left <= 0) return
      if (Atomics.compareExchange(cells, LEFT, left, left - 1) !== left) continue
      const at = CALLS + (left - 1) * CALL
      try {
        compiled[cells[at]].apply(null, cells.subarray(at + 1, at + CALL))
      } catch (error) {
        Atomics.store(cells, ERROR, 1)
      }
      if (Atomics.sub(cells, PENDING, 1) === 1) Atomics.notify(cells, PENDING)
    }
  }
  port.postMessage('ready')
  for (;;) {
    const turn = Atomics.load(cells, TURN)
    work()
    for (let i = 0; i < SPINS && Atomics.load(cells, TURN) === turn; i++);
    Atomics.add(cells, SLEEPERS, 1)
    Atomics.wait(cells, TURN, turn)
    Atomics.sub(cells, SLEEPERS, 1)
  }
}
if (typeof require !== "function") self.onmessage = ({ data }) => start(data)
else port.once('message', start)
`
