// Sets with a rare class, drawn by seed: parts to train on, to choose by and to judge by.

import type { LayersModel } from '@tensorflow/tfjs-layers'
import { readDigits } from '../../examples/support/mnist.js'
import {
  buildModel,
  findXRays,
  pickXRays,
  readXRays,
  type Samples,
  splitEachClass,
  standardise,
  whatIsMissing,
  withoutRepeats,
  type XRays,
} from '../../examples/support/pneumonia.js'

/** Inputs and labels. */
export type Parts = Record<'train' | 'validation' | 'test', Samples>

/** Draws the parts of a set. The caller disposes the inputs. */
export type DrawParts = (seed: number) => Parts

/** Data, model and training of a set. */
export interface RareSet {
  readonly draw: DrawParts
  readonly build: (seed: number) => LayersModel
  /** Epochs a round. */
  readonly epochs: number
  /** Rates of which each way to train takes the best. */
  readonly rates: readonly number[]
  /** Samples a step. @default 32 */
  readonly batchSize?: number
  /** Ways to train that are left out. @default none */
  readonly without?: readonly string[]
  /** Epochs of the arm that shows whether plain has saturated. @default three times as many */
  readonly longerEpochs?: number
  /** Kernels that are trained and not pruned. @default none */
  readonly whole?: RegExp
}

/** The small network on standardised images of 28 x 28 pixels, from scratch. */
const fromScratch = {
  build: buildModel,
  epochs: 24,
  rates: [0.003, 0.01, 0.03],
}

type Shares = Parameters<typeof splitEachClass>[1]['shares']

function drawing(pool: XRays, shares: Shares): RareSet {
  const draw: DrawParts = (seed) => {
    const parts = splitEachClass(pool.ys, { shares, seed })
    const pick = (role: keyof Parts) => pickXRays(pool, parts[role])
    return standardise({ train: pick('train'), validation: pick('validation'), test: pick('test') })
  }
  return { draw, ...fromScratch }
}

/** Chest X-rays: one positive to five negatives to train on. Throws where they are not to hand. */
export function rareXRays(): RareSet {
  const folder = findXRays('pneumonia-full')
  if (!folder) throw new Error(whatIsMissing('pneumonia-full'))
  return drawing(withoutRepeats([readXRays(folder, 'train'), readXRays(folder, 'val')]), [
    { train: 0.5, validation: 0.2, test: 0.3 },
    { train: 0.035, validation: 0.2, test: 0.765 },
  ])
}

/** MNIST: the digit 8 among the others, 40 positives to 800 negatives to train on. */
export function rareEights(): RareSet {
  const { pixels, digits } = readDigits('train')
  const ys = Uint8Array.from(digits, (digit) => Number(digit === 8))
  const positives = ys.reduce((sum, label) => sum + label, 0)
  const share = (counts: readonly number[], of: number) => {
    const [train = 0, validation = 0, test = 0] = counts.map((count) => count / of)
    return { train, validation, calibration: 1 - train - validation - test, test }
  }
  return drawing({ pixels, ys }, [
    share([800, 1000, 3000], ys.length - positives),
    share([40, 200, 800], positives),
  ])
}
