import type { LayersModel } from '@tensorflow/tfjs-layers'
import { alexNet, mlp, referenceCnn } from '../networks.js'

/** A network whose training is measured at several densities. */
export interface TrainingCase {
  /** The network as a reader knows it. */
  readonly title: string
  readonly densities: readonly number[]
  /** Steps of a call of `fit`, over its epochs. */
  readonly steps: number
  readonly epochs: number
  /** Steps by themselves that are timed together. */
  readonly ownSteps: number
  readonly build: () => LayersModel
  /** The same network in bench/support/peer/networks.py. */
  readonly peer: string
}

const DENSITIES = [1, 0.5, 0.25, 0.0625, 0.0157]
export const BATCH = 32

/** The networks of the study, by the name of their file. */
export const trainingCases: Readonly<Record<string, TrainingCase>> = {
  'training-reference': {
    title: 'reference CNN, 32 x 32',
    ...{ densities: DENSITIES, steps: 80, epochs: 2, ownSteps: 10, peer: 'reference' },
    build: referenceCnn,
  },
  'training-mlp': {
    title: 'LeNet-300-100',
    ...{ densities: DENSITIES, steps: 160, epochs: 2, ownSteps: 40, peer: 'mlp' },
    build: mlp,
  },
  'training-alexnet': {
    title: 'AlexNet of the paper, 64 x 64',
    ...{ densities: [1, 0.25, 0.0625, 0.0157], steps: 16, epochs: 2, ownSteps: 2, peer: 'alexnet' },
    build: () => alexNet(64),
  },
}
