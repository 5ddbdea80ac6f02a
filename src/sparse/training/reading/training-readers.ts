import { flagOption, numberOption } from '../../layers/config.js'
import { decline, type LayerReader } from '../../layers/layer-reader.js'
import { denseValues } from '../../layers/matrix.js'
import { readerOf } from '../../layers/readers.js'

/** Layers that training sees in another way than running. */
export interface LayerFacts {
  /** Whether a layer, by its path, is frozen: it then works as in inference. */
  readonly isFrozen: (path: string) => boolean
  /** Takes note of a dropout layer. */
  readonly onDropout: (dropout: Dropout) => void
}

/** A layer that multiplies by a mask that is drawn for each batch. */
export interface Dropout {
  /** Of the value with the mask. */
  readonly name: string
  /** Shape of a sample. */
  readonly shape: readonly number[]
  readonly rate: number
  readonly noiseShape: readonly (number | null)[] | undefined
  readonly seed: number | undefined
}

/** Readers of the layers that training sees in another way. */
export function trainingReaders(facts: LayerFacts): Readonly<Record<string, LayerReader>> {
  const unknown: LayerReader = () => decline('training draws at random in it')
  return {
    Dropout: (layer) => {
      const input = layer.inputs[0]!
      const rate = numberOption(layer.config, 'rate')
      if (rate <= 0) return input
      const { noiseShape, seed } = layer.config as Record<string, unknown>
      const name = `dropout ${layer.path} ${input.id}`
      facts.onDropout({
        ...{ name, shape: input.shape, rate },
        noiseShape: Array.isArray(noiseShape) ? noiseShape : undefined,
        seed: typeof seed === 'number' ? seed : undefined,
      })
      const mask = layer.emit({ kind: 'given', name }, [], input.shape)
      return layer.emit({ kind: 'merge', of: 'multiply' }, [input, mask], input.shape)
    },
    BatchNormalization: (layer) => {
      if (facts.isFrozen(layer.path)) return readerOf('BatchNormalization')!(layer)
      const input = layer.inputs[0]!
      const axis = [layer.config.axis ?? -1].flat()[0] as number
      if (axis !== -1 && axis !== input.shape.length)
        return decline('it normalises another axis than the last')
      const channels = input.shape.at(-1)!
      const read = (role: string) => denseValues(layer.weight(role, [channels]))
      const norm = layer.once('norm', () => ({
        ...(flagOption(layer.config, 'scale', true) && { gamma: read('gamma') }),
        ...(flagOption(layer.config, 'center', true) && { beta: read('beta') }),
        ...{ mean: read('moving_mean'), variance: read('moving_variance') },
        epsilon: numberOption(layer.config, 'epsilon', 1e-3),
        momentum: numberOption(layer.config, 'momentum', 0.99),
      }))
      return layer.emit({ kind: 'normalise', norm }, [input], input.shape)
    },
    ...{ SpatialDropout1D: unknown, GaussianDropout: unknown, GaussianNoise: unknown },
    ...{ AlphaDropout: unknown },
  }
}
