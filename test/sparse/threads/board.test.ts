import { afterEach, describe, expect, it, vi } from 'vitest'
import { createBoard, layout } from '../../../src/sparse/threads/board.js'
import { startWorker } from '../../../src/sparse/threads/start-worker.js'

/** A module without functions, and its memory. */
const nothing = {
  module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('createBoard', () => {
  it('createBoard runs each call once, with its parameters', () => {
    const ran: number[][] = []
    const note = (...parameters: number[]) => void ran.push(parameters)
    const { run } = createBoard([(...all) => note(0, ...all), (...all) => note(1, ...all)], 4)
    run([[0, 5], [1, -7, 2 ** 31], [0]])
    expect(ran.sort()).toEqual([[0], [0, 5], [1, -7, 2 ** 31]])
    run([])
    expect(ran).toHaveLength(3)
  })

  it('createBoard refuses to go on after a call that fails', () => {
    const { run } = createBoard(
      [
        () => {
          throw new RangeError('memory access out of bounds')
        },
        () => {},
      ],
      4,
    )
    expect(() => run([[1], [0]])).toThrow(/out of bounds/)
    expect(() => run([[1]])).toThrow(/out of bounds/)
  })

  it('createBoard says that a worker failed, from then on', async () => {
    const untilTaken = () => {
      while (Atomics.load(cells, layout.LEFT) > 0);
    }
    const { cells, run, lose } = createBoard([untilTaken], 2)
    const worker = await startWorker({ ...nothing, cells, names: ['missing'], layout }, lose)
    const wanted = /expected threads that work, got one that failed; dispose of the network/
    expect(() => run([[0], [0]])).toThrow(wanted)
    expect(() => run([[0]])).toThrow(wanted)
    worker.end()
  })

  it('createBoard says that a worker has ended', () => {
    const { run, lose } = createBoard([() => {}], 2)
    run([[0]])
    lose()
    expect(() => run([[0]])).toThrow(/got one that ended; dispose of the network and compile it/)
  })

  it('createBoard gives a thread up that does not finish', () => {
    const { cells, run } = createBoard([() => Atomics.add(cells, layout.PENDING, 1)], 2)
    let turn = 0
    vi.spyOn(performance, 'now').mockImplementation(() => 50_000 * turn++)
    const wait = vi.spyOn(Atomics, 'wait').mockReturnValue('timed-out')
    expect(() => run([[0]])).toThrow(/got one that has not answered for a minute/)
    expect(wait).toHaveBeenCalledTimes(61) // a machine that sleeps for long is given time
  })

  it('createBoard looks again where a thread must not sleep, as in a page', () => {
    vi.spyOn(Atomics, 'wait').mockImplementation(() => {
      throw new TypeError('Atomics.wait cannot be called in this context')
    })
    const { cells, run } = createBoard(
      [
        () => {
          Atomics.add(cells, layout.PENDING, 1)
          looks = 3
        },
      ],
      2,
    )
    let looks = 0
    const load = Atomics.load
    vi.spyOn(Atomics, 'load').mockImplementation(((array: Int32Array, index: number) => {
      if (index === layout.PENDING && looks-- === 1) Atomics.store(array, index, 0)
      return load(array, index)
    }) as never)
    run([[0]])
    expect(looks).toBeLessThan(1)
  })
})
