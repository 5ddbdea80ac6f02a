import type { LayersModel } from '@tensorflow/tfjs-layers'
import { describe } from '../internal/describe.js'

/** Shapes of the model's inputs with a batch of 1, with `given` ones, or as the model says. */
export function inputShapesOf(
  model: LayersModel,
  given?: readonly (readonly number[])[],
): number[][] {
  const task = 'count multiply-adds'
  if (given !== undefined && (!Array.isArray(given) || given.length !== model.inputs.length)) {
    const got = Array.isArray(given) ? `${given.length}` : describe(given)
    throw new TypeError(
      `Cannot ${task}: expected shapes of ${model.inputs.length} inputs, got ${got}`,
    )
  }
  return model.inputs.map(({ name, shape }, i) => {
    const own = shape.slice(1)
    const sides: readonly (number | null)[] = given?.[i] ?? own
    const open = own.map((side) => side ?? 'any').join(', ')
    const wanted = `expected a shape [${open}] for the input ${name}`
    if (!Array.isArray(sides))
      throw new TypeError(`Cannot ${task}: ${wanted}, got ${describe(sides)}`)
    if (!given && sides.includes(null))
      throw new RangeError(`Cannot ${task}: ${wanted} in the option shapes, got none`)
    if (sides.some((side) => !(Number.isInteger(side) && side! > 0))) {
      const got = sides.map((side) => side ?? 'any').join(', ')
      throw new RangeError(
        `Cannot ${task}: ${wanted}, all sides whole numbers above 0, got [${got}]`,
      )
    }
    if (
      sides.length !== own.length ||
      sides.some((side, axis) => own[axis] !== null && side !== own[axis])
    ) {
      throw new TypeError(`Cannot ${task}: ${wanted}, got [${sides.join(', ')}]`)
    }
    return [1, ...(sides as number[])]
  })
}
