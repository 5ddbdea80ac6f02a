import { type LayersModel, models, Sequential } from '@tensorflow/tfjs-layers'
import { fillWeights } from '../support/weights.js'

const { add } = Sequential.prototype

/** The end of an example whose network was taken. */
class Taken extends Error {}

/**
 * The first network that an example builds, anew and with seeded weights. The example ends there: its
 * own network has no layers any more.
 *
 * @param run Loads the example.
 */
export async function networkOf(run: () => Promise<unknown>): Promise<LayersModel> {
  let modelTopology: object | undefined
  const take = (built: Sequential) => {
    modelTopology = JSON.parse(JSON.stringify(built.toJSON(null, false)))
    const layers = {
      get: () => {
        throw new Taken('the network is taken')
      },
    }
    Object.defineProperty(built, 'layers', layers)
  }
  Sequential.prototype.add = function (this: Sequential, layer) {
    // All layers of a list are added before anything else can run.
    if (this.layers.length === 0) queueMicrotask(() => take(this))
    add.call(this, layer)
  }
  try {
    await run()
  } catch (error) {
    if (!(error instanceof Taken)) throw error
  } finally {
    Sequential.prototype.add = add
  }
  return fillWeights(await models.modelFromJSON({ modelTopology: modelTopology as never }))
}
