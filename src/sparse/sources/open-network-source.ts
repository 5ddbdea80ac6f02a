import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Round } from '../../rounds/round.js'
import type { NetworkSource } from '../network/source.js'
import type { TensorTools } from './call-layer.js'
import { modelSource } from './model-source.js'
import { roundSource } from './round-source.js'

interface Opening {
  readonly round?: Pick<Round, 'mask' | 'trained'>
  readonly tfjs?: TensorTools
}

/** The source of a network, from a model, a round of it, or an opened file. */
export async function openNetworkSource(
  source: LayersModel | NetworkSource,
  { round, tfjs }: Opening,
  task: string,
): Promise<NetworkSource> {
  if (isSource(source)) {
    if (round === undefined) return source
    throw new TypeError(`Cannot ${task}: expected a model beside a round, got an opened file`)
  }
  return round === undefined ? modelSource(source, tfjs) : roundSource(source, round, tfjs)
}

const isSource = (source: LayersModel | NetworkSource): source is NetworkSource =>
  typeof (source as Partial<NetworkSource> | null)?.weight === 'function'
