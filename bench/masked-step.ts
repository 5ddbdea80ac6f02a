// A training step on wasm with masked kernels, against the same step without: own loop with
// `minimize`, batch 32, momentum, processor time.
import {
  getKernelsForBackend,
  type KernelConfig,
  losses,
  oneHot,
  randomNormal,
  registerKernel,
  type Scalar,
  type Tensor,
  train,
  unregisterKernel,
  type Variable,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, maskedOptimizer } from 'tfjs-prune'
import { registerMaskedKernels } from 'tfjs-prune/backends/wasm'
import { startWasm } from '../examples/support/backend.js'
import { processorSecondsOf, report } from './support/measure.js'
import { mlp, referenceCnn, wideCnn } from './support/networks.js'

const BATCH = 32

interface Subject {
  readonly network: string
  readonly build: () => LayersModel
  readonly turns: number
  /** Steps of a turn. */
  readonly steps: number
}

const subjects: readonly Subject[] = [
  { network: 'wide-cnn', build: wideCnn, turns: 10, steps: 1 },
  { network: 'reference-cnn', build: referenceCnn, turns: 20, steps: 5 },
  { network: '784-300-100-10', build: mlp, turns: 20, steps: 20 },
]

/** The kernels before and after the masked ones are registered, of which one set is in use. */
function kernelSets(): Record<'dense' | 'masked', readonly KernelConfig[]> {
  const all = getKernelsForBackend('wasm')
  const names = registerMaskedKernels()
  const isReplaced = ({ kernelName }: KernelConfig) => names.includes(kernelName)
  return {
    dense: all.filter(isReplaced),
    masked: getKernelsForBackend('wasm').filter(isReplaced),
  }
}

function use(kernels: readonly KernelConfig[]): void {
  for (const kernel of kernels) {
    unregisterKernel(kernel.kernelName, 'wasm')
    registerKernel(kernel)
  }
}

async function stepOf(build: () => LayersModel, density: number): Promise<() => void> {
  const model = build()
  const mask = await computeMask(model, { density })
  applyMask(model, mask)
  const optimizer = maskedOptimizer(model, train.momentum(0.001, 0.9), mask)
  const variables = model.trainableWeights.map((weight) => weight.read() as Variable)
  const classes = model.outputs[0]!.shape[1]!
  const xs = randomNormal([BATCH, ...(model.inputs[0]!.shape as number[]).slice(1)])
  const ys = oneHot(
    Array.from({ length: BATCH }, (_, i) => i % classes),
    classes,
  )
  const cost = () =>
    losses.softmaxCrossEntropy(ys, model.apply(xs, { training: true }) as Tensor) as Scalar
  return () => {
    const value = optimizer.minimize(cost, true, variables)!
    value.dataSync()
    value.dispose()
  }
}

const ways = ['dense', 'masked'] as const

async function measure({ network, build, turns, steps }: Subject, density: number) {
  const least = { dense: Number.POSITIVE_INFINITY, masked: Number.POSITIVE_INFINITY }
  const step = await stepOf(build, density)
  for (let turn = -1; turn < turns; turn++) {
    // In turns of both orders: the second of two is slower on a busy machine.
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      use(sets[way])
      const seconds = await processorSecondsOf(() => {
        for (let i = 0; i < steps; i++) step()
      })
      if (turn >= 0) least[way] = Math.min(least[way], seconds / steps)
    }
  }
  const common = { bench: 'masked-step', network, backend: 'wasm', batch: BATCH, density }
  const { dense, masked } = least
  report({ ...common, seconds: masked, baselineSeconds: dense, ratio: dense / masked })
}

let sets: ReturnType<typeof kernelSets>

export async function run(): Promise<void> {
  await startWasm()
  sets = kernelSets()
  for (const subject of subjects)
    for (const density of [0.25, 0.0625, 0.0157]) await measure(subject, density)
  use(sets.dense)
}
