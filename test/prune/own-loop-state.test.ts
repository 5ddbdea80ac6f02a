import {
  losses,
  type Optimizer,
  type Scalar,
  type Tensor,
  tensor,
  train,
} from '@tensorflow/tfjs-core'
import {
  fineTune,
  PruningError,
  prune,
  type Rewinder,
  rewindTo,
  rewindToInitial,
  type Train,
} from 'tfjs-prune'
import { memoryStore } from 'tfjs-prune/runs'
import { expect, test } from 'vitest'
import { imbalancedSamples, quickRun, smallNetwork } from './support.js'

type Call = 'restore' | 'keep' | 'checkpoint'

interface Loop {
  readonly forgets?: Call
  readonly optimizer: () => Optimizer
  /** Slots that the loop began with, by round. */
  readonly begun?: number[]
}

/** Two steps of a caller, which leaves one of the three calls out. */
function loopOf(samples: ReturnType<typeof imbalancedSamples>, own: Loop): Train {
  const { forgets, optimizer: make, begun } = own
  return async ({ model, hold, ...context }) => {
    const optimizer = hold(make())
    if (forgets !== 'restore') await context.restoreOptimizer(optimizer)
    begun?.push((await optimizer.getWeights()).length - 1)
    const wanted = tensor(Array.from(samples.ys, (y) => [1 - y, y]))
    for (let step = 1; step <= 2; step++) {
      optimizer.minimize(() => {
        const outputs = model.apply(samples.xs, { training: true }) as Tensor
        return losses.softmaxCrossEntropy(wanted, outputs) as Scalar
      })
      await context.checkpoint({ step, ...(forgets !== 'checkpoint' && { optimizer }) })
    }
    if (forgets !== 'keep') await context.keepOptimizer(optimizer)
    for (const one of [optimizer, wanted]) one.dispose()
  }
}

async function run(own: Loop, rewind: Rewinder) {
  const [samples, model] = [imbalancedSamples(10), smallNetwork()]
  const options = quickRun(samples, { train: loopOf(samples, own), rewind, schedule: [1, 0.5] })
  try {
    return await prune(model, options)
  } finally {
    samples.xs.dispose()
    model.dispose()
  }
}

const adam = () => train.adam(0.01)
const back = rewindTo({ step: 1 })

test.each<[Call, Rewinder, number, string]>([
  ['restore', fineTune(), 1, 'restoreOptimizer(optimizer) before its first step'],
  ['restore', back, 1, 'restoreOptimizer(optimizer) before its first step'],
  ['keep', fineTune(), 0, 'keepOptimizer(optimizer) after its last step'],
  ['checkpoint', back, 0, 'checkpoint with { optimizer }'],
])('prune refuses a loop that forgets to %s with $name', async (forgets, rewind, round, call) => {
  const error = await run({ forgets, optimizer: adam }, rewind).catch((reason) => reason)
  expect(error instanceof PruningError ? error.cause : error).toEqual(
    new RangeError(
      `Cannot finish round ${round}: expected the training loop to call ${call}, so that the ` +
        `optimizer is as ${rewind.name} says, got no such call. A rewinder with optimizer: ` +
        "'fresh' needs none.",
    ),
  )
})

test.each<[string, Rewinder]>([
  ['keeps its slots', fineTune()],
  ['goes back to a step', back],
])('prune takes a loop whose optimizer %s by all calls', async (_, rewind) => {
  const begun: number[] = []
  await run({ optimizer: adam, begun }, rewind)
  expect(begun).toEqual([0, 12])
})

test.each<[Call, Rewinder]>([
  ['restore', fineTune()],
  ['keep', fineTune()],
  ['restore', back],
  ['checkpoint', back],
])(
  'prune takes a loop with SGD, which has no slots, that forgets to %s',
  async (forgets, rewind) => {
    const { rounds } = await run({ forgets, optimizer: () => train.sgd(0.01) }, rewind)
    expect(rounds.length).toBe(2)
  },
)

test.each<Call>(['restore', 'keep', 'checkpoint'])(
  'prune takes a loop that forgets to %s where the optimizer begins anew',
  async (forgets) => {
    for (const rewind of [rewindToInitial(), { ...fineTune(), optimizer: 'fresh' } as const])
      expect((await run({ forgets, optimizer: adam }, rewind)).rounds.length).toBe(2)
  },
)

test('prune refuses a loop that goes on within a round without the state of its optimizer', async () => {
  const [samples, model, store] = [imbalancedSamples(10), smallNetwork(), memoryStore()]
  const loop = loopOf(samples, { forgets: 'restore', optimizer: adam })
  const stopped = async (context: Parameters<Train>[0]) => {
    const optimizer = context.hold(adam())
    await context.points!.save({ position: { epoch: 1, step: 1, batch: 0 } }, optimizer)
    optimizer.dispose()
    throw new Error('the power is off')
  }
  const start = (own: Train) => {
    const keeping = Object.assign((context: Parameters<Train>[0]) => own(context), {
      keepsPoints: true,
    })
    return prune(model, quickRun(samples, { train: keeping, schedule: [1], store }))
  }
  await expect(start(stopped)).rejects.toThrow('the power is off')
  await expect(start(loop)).rejects.toThrow(/expected the training loop to call restoreOptimizer/)
  samples.xs.dispose()
  model.dispose()
})
