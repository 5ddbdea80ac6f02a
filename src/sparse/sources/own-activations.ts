import type { Tensor } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { activationOption } from '../layers/activations.js'
import { readingError } from '../layers/reading-error.js'
import { elementwise } from '../network/elementwise.js'
import type { Operation } from '../network/network.js'

/** An activation of a layer in memory. */
interface LiveActivation {
  readonly getClassName: () => string
  readonly apply: (x: Tensor) => Tensor
}

type Held = Partial<Record<'activation' | 'recurrentActivation', LiveActivation>>
type Holder = layers.Layer & Held & { readonly cell?: Held }

/** The engine that all copies of tfjs-core of a page share. */
interface Engine {
  readonly ready: () => Promise<void>
  readonly tidy: (make: () => Tensor) => Tensor
  readonly makeTensor: (values: Float32Array, shape: readonly number[], dtype: 'float32') => Tensor
  readonly backend: { readonly epsilon: () => number }
}

/** On both sides of all places where stock activations bend. */
const POINTS = [-9, -4, -2.25, -1, -0.5, -0.125, 0, 0.25, 0.75, 1.25, 2, 3.5, 5.75, 6.5, 12]

/**
 * The layers that hold an activation of a stock name which is not that of tfjs: a user has
 * registered a class under the name. Names cannot tell, so that each one is asked for a few values.
 */
export async function ownActivations(
  all: Iterable<layers.Layer>,
): Promise<ReadonlySet<layers.Layer>> {
  const known = new Map<LiveActivation['apply'], boolean>()
  const found = new Set<layers.Layer>()
  for (const layer of all) {
    for (const activation of activationsOf(layer)) {
      const operation = activationOption({ activation: activation.getClassName() })
      if (typeof operation === 'string') continue // not compiled, whatever it does
      const isStock = known.get(activation.apply) ?? (await givesValues(activation, operation))
      known.set(activation.apply, isStock)
      if (!isStock) found.add(layer)
    }
  }
  return found
}

function activationsOf(layer: Holder): LiveActivation[] {
  return [layer, layer.cell]
    .flatMap((one) => [one?.activation, one?.recurrentActivation])
    .filter((one) => one !== undefined && one !== null)
    .filter((one) => typeof one.apply === 'function' && typeof one.getClassName === 'function')
}

async function givesValues(activation: LiveActivation, operation: Operation): Promise<boolean> {
  const { _tfengine: engine } = globalThis as { readonly _tfengine?: Engine }
  if (!engine) throw readingError('the engine of tfjs beside a model of it', 'none')
  await engine.ready()
  const points = Float32Array.from(POINTS)
  let got: ArrayLike<number>
  try {
    const made = engine.tidy(() =>
      activation.apply(engine.makeTensor(points, [1, points.length], 'float32')),
    )
    got = await made.data()
    made.dispose()
  } catch {
    return false // stock ones take any numbers
  }
  // Half floats, as some GPUs have them.
  const tolerance = engine.backend.epsilon() > 1e-6 ? 1e-2 : 1e-4
  return valuesOf(operation).every(
    (wanted, i) => Math.abs(wanted - got[i]!) <= tolerance * Math.max(1, Math.abs(wanted)),
  )
}

function valuesOf(operation: Operation): number[] {
  if (operation.kind === 'activate') return POINTS.map(elementwise(operation))
  const total = POINTS.reduce((sum, x) => sum + Math.exp(x), 0)
  const isLog = operation.kind === 'softmax' && operation.log
  return POINTS.map((x) => (isLog ? x - Math.log(total) : Math.exp(x) / total))
}
