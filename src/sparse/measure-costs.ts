import { createKernels } from './kernels/create-kernels.js'
import { createMemory } from './kernels/memory.js'
import type { Costs } from './programs/layout/builder.js'

/** Rows and columns of the trial, and blocks of 32 floats. */
const [ROWS, COLUMNS, BLOCKS] = [32, 128, 4] as const
const ROUNDS = 5

/** Of each kind of kernels, by whether they are relaxed; a host measures each once. */
const measured = new Map<boolean, Promise<Costs>>()

/**
 * Nanoseconds of a multiply-add by the kernel for sparse and by that for whole matrices, as this
 * host runs them: the shortest of a few turns of a small product. But for relaxed ones both give the
 * same sums to the bit, so that the choice between them changes no outcome.
 */
export function measureCosts(relaxed: boolean): Promise<Costs> {
  const known = measured.get(relaxed)
  if (known) return known
  const measuring = tryKernels(relaxed)
  measured.set(relaxed, measuring)
  measuring.catch(() => measured.delete(relaxed)) // another try may find more memory
  return measuring
}

async function tryKernels(relaxed: boolean): Promise<Costs> {
  const memory = createMemory()
  const kernels = await createKernels(memory, { relaxed })
  const bytes = BLOCKS * 128
  const [input, output, values] = [
    memory.reserve(COLUMNS * bytes),
    memory.reserve(ROWS * bytes),
    memory.reserve(ROWS * COLUMNS * 4),
  ]
  const [starts, offsets] = [memory.reserve((ROWS + 1) * 4), memory.reserve(ROWS * COLUMNS * 4)]
  const numbers = new Int32Array(memory.buffer)
  for (let row = 0; row <= ROWS; row++) numbers[starts / 4 + row] = row * COLUMNS
  for (let k = 0; k < ROWS * COLUMNS; k++) numbers[offsets / 4 + k] = (k % COLUMNS) * bytes
  const blocks = {
    ...({ size: 'wide', outer: 1, inner: BLOCKS, inOuter: 0, inInner: 128 } as const),
    ...{ outOuter: 0, outInner: 128, inHalf: 64, outHalf: 64 },
  }
  const places = { input, output, outRow: bytes, rows: ROWS, offsets, values, bias: 0, bounds: 0 }
  const sums = ROWS * COLUMNS * BLOCKS * 32
  return {
    sparse: shortest(() => kernels.product(blocks, { ...places, starts })) / sums,
    dense: shortest(() => kernels.denseProduct(blocks, { ...places, count: COLUMNS })) / sums,
  }
}

/** Nanoseconds of a call: the least of some turns of several calls, after one that is not timed. */
function shortest(call: () => void): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round <= ROUNDS; round++) {
    const from = performance.now()
    for (let i = 0; i < 8; i++) call()
    if (round > 0) least = Math.min(least, ((performance.now() - from) * 1e6) / 8)
  }
  return least
}
