import { countedClass } from '../internal/counted-class.js'
import type { WeightPlace } from '../types.js'
import type { NewNames } from './renamed-round.js'

interface Matching {
  /** Name of the store. */
  readonly name: string
  readonly layers: 'byName' | 'byPosition'
}

/**
 * Finds the weights of a stored run in a model. Throws a RangeError unless each is there, with its
 * shape and the class of its layer.
 *
 * @returns The names in the model by the stored ones.
 */
export function matchWeights(
  stored: readonly WeightPlace[],
  present: readonly WeightPlace[],
  { name, layers }: Matching,
): NewNames {
  const refuse = (wanted: string, got: string) =>
    new RangeError(`Cannot go on with the run in ${name}: expected ${wanted}, got ${got}`)
  if (stored.length !== present.length)
    throw refuse(`a model of ${stored.length} weights`, `${present.length}`)
  const byName = new Map(present.map((place) => [place.name, place]))
  const pairs = stored.map((was, i) => {
    const is = layers === 'byPosition' ? present[i]! : byName.get(was.name)
    if (!is) throw refuse(`the weight ${was.name} in the model`, namesOf(present) + hintFor(was))
    const [wanted, got] = [kindOf(was), kindOf(is)]
    if (wanted !== got) throw refuse(`${wanted} as ${is.name}`, got)
    return [was.name, is.name] as const
  })
  return new Map(pairs)
}

/** Role and shape of a weight, and the class of its layer. */
function kindOf({ role, shape, className }: WeightPlace): string {
  return `${role} [${shape.join(', ')}] of a ${className}`
}

const namesOf = (places: readonly WeightPlace[]) => places.map(({ name }) => name).join(', ')

function hintFor({ name }: WeightPlace): string {
  return countedClass(name)
    ? '. Unnamed layers get new names in each model: name your layers, or give the store ' +
        "layers: 'byPosition'."
    : ''
}
