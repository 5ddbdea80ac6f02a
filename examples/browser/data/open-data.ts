import { div, type Tensor, tensor2d, tensor4d, tidy } from '@tensorflow/tfjs-core'
import table from '../../data/breast-cancer.csv?raw'
import { tableParts } from '../../support/table-parts.js'
import type { DataFacts, DataName, PartFacts, PartName } from '../shared/contract.js'
import { digitPart } from './digit-parts.js'
import { SIDE } from './draw-digit.js'

/** Inputs and labels of a part, 1 = positive. */
export interface Samples {
  readonly xs: Tensor
  readonly ys: Uint8Array
}

/** A data set in memory. */
export interface OpenData {
  readonly facts: DataFacts
  readonly parts: Readonly<Record<PartName, Samples>>
  /** Disposes the tensors. */
  readonly close: () => void
}

/** Opens a data set on the backend that runs. */
export function openData(name: DataName): OpenData {
  const open = name === 'digits' ? digits : tumours
  const parts = { train: open('train'), validation: open('validation'), test: open('test') }
  const count = ({ ys }: Samples): PartFacts => ({
    samples: ys.length,
    positives: ys.reduce((sum, label) => sum + label, 0),
  })
  const facts = {
    name,
    parts: {
      train: count(parts.train),
      validation: count(parts.validation),
      test: count(parts.test),
    },
    ...(name === 'digits' && { images: { side: SIDE, pixels: digitPart('validation').pixels } }),
  }
  const close = () => {
    for (const { xs } of Object.values(parts)) xs.dispose()
  }
  return { facts, parts, close }
}

function tumours(part: PartName): Samples {
  const shares = { train: 0.5, validation: 0.25, test: 0.25 }
  const { features, labels } = tableParts(table, { shares, seed: 1 })[part]
  return { xs: tensor2d(features.flat(), [features.length, 30]), ys: labels }
}

function digits(part: PartName): Samples {
  const { pixels, labels } = digitPart(part)
  const shape: [number, number, number, number] = [labels.length, SIDE, SIDE, 1]
  return { xs: tidy(() => div(tensor4d(pixels, shape, 'float32'), 255)), ys: labels }
}
