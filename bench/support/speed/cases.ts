import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask } from 'tfjs-prune'
import { shrink } from 'tfjs-prune/shrink'
import { loadMobileNetV2 } from '../../../test/real-models/nsfw.js'
import { everyFilter } from '../every-filter.js'
import { alexNet, referenceCnn } from '../networks.js'
import { pruned } from '../pruned.js'

/** A network that is measured at several densities and batches. */
export interface Case {
  /** The network as a reader knows it. */
  readonly title: string
  readonly batches: readonly number[]
  readonly densities: readonly number[]
  /** Densities at batches above 1 and beside two threads, where those are fewer. */
  readonly fewer?: readonly number[]
  /** The network with that share of its prunable weights left. */
  readonly build: (density: number) => Promise<LayersModel>
  /** It is a chain that `writeOnnx` knows. */
  readonly onnx?: boolean
  /** The same network made smaller by filters, and the density at which it stands beside. */
  readonly smaller?: { readonly beside: number; readonly build: () => Promise<LayersModel> }
}

const DENSITIES = [1, 0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0157]

/** Two recurrent layers for 30 steps of 126 numbers, as sign languages are read. */
function lstm(): LayersModel {
  // the default, orthogonal, needs operations that are chained
  const cells = (units: number, returnSequences: boolean) =>
    layers.lstm({ units, returnSequences, recurrentInitializer: 'glorotNormal' })
  return sequential({
    layers: [
      layers.inputLayer({ inputShape: [30, 126] }),
      ...[cells(128, true), cells(64, false)],
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  })
}

/** MobileNetV2 with trained weights; its pointwise convolutions hold nearly all of them. */
async function mobileNet(density: number): Promise<LayersModel> {
  const model = await loadMobileNetV2()
  const select = { include: /(expand|project|Conv_1)\/kernel$/, frozen: true }
  applyMask(model, await computeMask(model, { density, select }))
  return model
}

/** One filter in three is left: a third of the inputs of each, so that 11 % of its weights are. */
async function smallMobileNet(): Promise<LayersModel> {
  const model = await loadMobileNetV2()
  const { model: small } = await shrink(model, { mask: everyFilter(model, { step: 3 }) })
  model.dispose()
  return small
}

/** The networks of the study, by the name of their file. */
export const cases: Readonly<Record<string, Case>> = {
  alexnet: {
    title: 'AlexNet of the paper, 224 x 224',
    ...{ batches: [1, 16], densities: DENSITIES, fewer: [1, 0.0625], onnx: true },
    build: (density) => pruned(alexNet, density),
  },
  reference: {
    title: 'reference CNN, 32 x 32',
    ...{ batches: [1, 32], densities: DENSITIES },
    build: (density) => pruned(referenceCnn, density),
  },
  mobilenet: {
    title: 'MobileNetV2, 224 x 224, pointwise weights pruned',
    ...{ batches: [1], densities: [1, 0.5, 0.25, 0.1, 0.05] },
    build: mobileNet,
    smaller: { beside: 0.1, build: smallMobileNet },
  },
  lstm: {
    title: 'LSTM, two layers, 30 steps',
    ...{ batches: [1, 32], densities: DENSITIES, fewer: [1, 0.25, 0.0625, 0.0157] },
    build: (density) => pruned(lstm, density),
  },
}
