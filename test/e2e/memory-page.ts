/** Runs in the browser: compiles networks where memory is short, and counts what stays behind. */
import '@tensorflow/tfjs-backend-cpu'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { compileSparse, type SparseNetwork } from 'tfjs-prune/sparse'

/** Memories that were made from here on and that the collector has not found to be free. */
let alive = 0
const freed = new FinalizationRegistry(() => alive--)
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct: (target, args, self) => {
    const memory = Reflect.construct(target, args, self) as WebAssembly.Memory
    freed.register(memory, undefined)
    alive++
    return memory
  },
})

/** How many are left once the collector has run; it needs `--expose-gc`. */
async function memoriesLeft(): Promise<number> {
  const { gc } = globalThis as unknown as { gc: () => void }
  for (let turn = 0; turn < 4; turn++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 20)) // the registry is told in a later task
  }
  return alive
}

/** Convolutions on images of any size. */
const open = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({
        ...{ filters: 4, kernelSize: 3, padding: 'same', inputShape: [null, null, 3] },
        kernelInitializer: initializers.glorotUniform({ seed: 1 }),
      }),
      layers.globalAveragePooling2d({}),
    ],
  })
const SMALL = { inputShapes: [[64, 64, 3]] }
const model = open()
const compile = () => compileSparse(model, SMALL)
const samples = (count: number) =>
  Float32Array.from({ length: count * 64 * 64 * 3 }, (_, i) => Math.sin(i))
const predict = (network: SparseNetwork, count: number) => [
  ...(network.predict(samples(count)) as Float32Array),
]

const messageOf = async (work: () => unknown): Promise<string> => {
  try {
    await work()
    return 'no error'
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`
  }
}

/** Takes all the address space that the browser gives to memories, for the time of some work. */
async function whileMemoryIsTaken<T>(work: () => Promise<T>): Promise<T> {
  const hoard: WebAssembly.Memory[] = []
  try {
    for (;;) hoard.push(new WebAssembly.Memory({ initial: 1 }))
  } catch {
    if (hoard.length < 10) throw new Error('Expected the host to give some memories')
  }
  const outcome = await work()
  hoard.length = 0
  return outcome
}

/** Compiles for images that no memory holds, several times. */
async function tooLarge(): Promise<{ messages: string[]; left: number }> {
  const before = await memoriesLeft()
  const messages = new Set<string>()
  for (let i = 0; i < 30; i++)
    messages.add(await messageOf(() => compileSparse(model, { inputShapes: [[2e4, 2e4, 3]] })))
  return { messages: [...messages], left: (await memoriesLeft()) - before }
}

/** Compiles and updates while the browser gives no memory, and afterwards. */
async function refused() {
  const network = await compile()
  const before = predict(network, 1)
  const [compiling, updating] = await whileMemoryIsTaken(async () => [
    await messageOf(compile),
    await messageOf(network.update),
  ])
  const kept = predict(network, 1)
  await memoriesLeft()
  await network.update()
  const updated = predict(network, 1)
  network.dispose()
  return { compiling, updating, before, kept, updated }
}

/** Predicts a batch that needs more memory than the browser gives, several times, then once more. */
async function refusedBatch() {
  const network = await compile()
  const before = predict(network, 1)
  const { grow } = WebAssembly.Memory.prototype
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('no more pages')
  }
  const bytes = [network.stats.bytes]
  const messages = new Set<string>()
  for (let i = 0; i < 5; i++) {
    messages.add(await messageOf(() => predict(network, 16)))
    bytes.push(network.stats.bytes)
  }
  const kept = predict(network, 1)
  WebAssembly.Memory.prototype.grow = grow
  const batch = predict(network, 16).slice(0, before.length)
  network.dispose()
  return { before, kept, batch, bytes, messages: [...messages] }
}

/** Compiles many networks and holds all of them; says how far it came, and what stays behind. */
async function many(count: number, { dispose }: { dispose: boolean }) {
  const before = await memoriesLeft()
  const networks: SparseNetwork[] = []
  const message = await messageOf(async () => {
    for (let i = 0; i < count; i++) {
      const network = await compile()
      networks.push(network)
      if (dispose) network.dispose()
    }
  })
  const left = (await memoriesLeft()) - before
  const compiled = networks.length
  for (const network of networks) network.dispose()
  return { compiled, left, leftAfterDispose: (await memoriesLeft()) - before, message }
}

/** The functions that tests call. */
const memoryTests = { tooLarge, refused, refusedBatch, many }

declare global {
  interface Window {
    memoryTests: typeof memoryTests
  }
}

window.memoryTests = memoryTests
