// Bytes of a stored run of seven levels against its dense copies: the entries of a store, and the
// file of saveRounds, for a network of 2.6 M weights. npm run bench stored-bytes
import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { magnitude, prune } from 'tfjs-prune'
import { loadRounds, saveRounds, storeOf } from 'tfjs-prune/runs'

const dense = (name: string, units: number, seed: number) =>
  layers.dense({
    ...{ name, units },
    kernelInitializer: initializers.randomNormal({ seed, stddev: 0.05 }),
    ...(name === 'first' && { inputShape: [1024] }),
  })

/** Stores a run whose training leaves the weights as they were drawn, and prints its bytes. */
export async function run(): Promise<void> {
  await setBackend('cpu')
  const stack = [dense('first', 1024, 1), dense('second', 1024, 2), dense('third', 512, 3)]
  const model = sequential({ layers: [...stack, dense('out', 2, 4)] })
  const parameters = model.countParams()
  const entries = new Map<string, Uint8Array>()
  const store = storeOf({
    read: (entry) => entries.get(entry),
    write: (entry, bytes) => void entries.set(entry, bytes),
    lock: () => () => {},
  })
  const { rounds } = await prune(model, {
    train: () => {},
    evaluate: () => ({ error: 0 }) as never,
    criterion: magnitude(),
    store,
  })
  const kept = rounds.reduce((sum, { mask }) => sum + mask.kept, 0)
  const started = performance.now()
  const file = await saveRounds(rounds)
  const saved = performance.now()
  await loadRounds(file)
  const loaded = performance.now()
  const bytes = [...entries.values()].reduce((sum, { length }) => sum + length, 0)
  // W0, and the kept values of all rounds, as float32.
  const needed = 4 * (parameters + kept)
  console.log(
    JSON.stringify({
      bench: 'stored-bytes',
      ...{ parameters, rounds: rounds.length },
      entries: Object.fromEntries([...entries].map(([name, { length }]) => [name, length])),
      ...{ bytes, file: file.length, needed, denseCopies: 4 * parameters * (rounds.length + 1) },
      ofNeeded: bytes / needed,
      ofDenseCopies: bytes / (4 * parameters * (rounds.length + 1)),
      seconds: { save: (saved - started) / 1000, load: (loaded - saved) / 1000 },
    }),
  )
}
