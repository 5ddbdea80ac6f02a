import type { LayerKind } from '../layer-kinds/layer-kind.js'
import { expectSame } from './expectations.js'
import { type KindExample, withLayer } from './kind-example.js'
import { movesOnlyItsOwn } from './kind-movements.js'
import { expectOutputs, expectSides } from './kind-sides.js'
import { computesWithoutInput, computesWithoutUnit } from './kind-without.js'
import type { Law } from './law.js'

/**
 * A {@link LayerKind} tells the truth about its layers: the laws make small ones and try them.
 * Runs on the backend that is set.
 *
 * @example
 * ```ts
 * import { layerKind } from 'tfjs-prune'
 * import { layerKindLaws } from 'tfjs-prune/testing'
 *
 * const dense = { kind: layerKind('Dense')!, options: { units: 3 }, inputShape: [2, 4] }
 * for (const { check } of layerKindLaws) await check(() => dense)
 * ```
 */
export const layerKindLaws: readonly Law<KindExample>[] = [
  {
    law: 'names the weights of its layers, each if the options ask for it',
    check: (make) => {
      const example = make()
      withLayer(example, ({ layer, weights }) => {
        const config = layer.getConfig()
        const wanted = Object.entries(example.kind.weights)
          .filter(([, { option }]) => option === undefined || config[option])
          .map(([role]) => role)
        expectSame(weights.map(({ role }) => role).sort(), wanted.sort(), 'the roles of weights')
      })
    },
  },
  {
    law: 'tells the dimensions of each axis: their sizes multiply to its side',
    check: (make) => {
      const example = make()
      withLayer(example, (tried) => {
        for (const weight of tried.weights) expectSides(example.kind, weight, tried)
        expectOutputs(example, tried)
      })
    },
  },
  {
    law: 'computes the other units without one of them, which is at rest if the layer is recurrent',
    check: (make) => computesWithoutUnit(make()),
  },
  {
    law: 'computes the same without an input that is 0',
    check: (make) => computesWithoutInput(make()),
  },
  {
    law: 'moves an output by the input of a weight that moves, and no output of other units',
    check: (make) => movesOnlyItsOwn(make()),
  },
]
