import type { Network, Operation, Shape, Step } from '../../network/network.js'
import { usesOf } from '../../passes/uses.js'
import { NotTrainable } from './not-trainable.js'
import { rules } from './rules.js'
import type { Tape, Trained } from './tape.js'

/** A network with the steps that hand its gradient back. */
export interface Differentiated {
  readonly network: Network
  /** Number of the step that the way back begins with. */
  readonly turn: number
  /** Names of the values with the gradients of the outputs, one each. */
  readonly gradients: readonly string[]
}

/**
 * Adds the steps that sum the gradients of all trained weights, from the last layer to the first.
 *
 * @throws {NotTrainable} If an operation has no gradient here.
 */
export function differentiate(network: Network, trained: Trained): Differentiated {
  const shapes = [...network.shapes]
  const steps = [...network.steps]
  const depends = dependents(network, trained)
  const sums = new Map<number, number>()
  const add = (layer: string, operation: Operation, inputs: readonly number[], shape: Shape) => {
    const output = shapes.push(shape) - 1
    steps.push({ layer, operation, inputs, output })
    return output
  }
  const give = (layer: string, value: number, gradient: number) => {
    const known = sums.get(value)
    if (known === undefined) sums.set(value, gradient)
    else {
      const both = [known, gradient]
      sums.set(value, add(layer, { kind: 'merge', of: 'add' }, both, shapes[value]!))
    }
  }
  const { writer, readers } = usesOf(network)
  const boundsOf = (value: number) => {
    const operation = writer(value)?.operation
    return operation?.kind === 'product' && readers(value) === 1 ? operation.bounds : undefined
  }
  const cut = new Set<number>()
  const turn = steps.length
  const gradients = network.outputs.map((value, i) => {
    const name = `gradient ${i}`
    give('', value, add('', { kind: 'given', name }, [], shapes[value]!))
    return name
  })
  for (const step of network.steps.toReversed()) {
    const gradient = sums.get(step.output)
    if (gradient === undefined || !depends.has(step.output)) continue
    const tape: Tape = {
      shapeOf: (value) => shapes[value]!,
      isTrained: (value) => depends.has(value),
      boundsOf,
      isCut: (value) => cut.has(value),
      emit: (operation, inputs, shape) => {
        const made = add(step.layer, operation, inputs, shape)
        if (operation.kind === 'maximumGradient' && operation.bounds) cut.add(made)
        return made
      },
    }
    const given = ruleOf(step)(step, gradient, tape, trained)
    for (const [i, value] of step.inputs.entries()) {
      const one = given[i]
      if (one !== undefined && depends.has(value)) give(step.layer, value, one)
    }
  }
  return { network: { ...network, shapes, steps }, turn, gradients }
}

function ruleOf({ operation: { kind }, layer }: Step) {
  const rule = Object.hasOwn(rules, kind) ? rules[kind] : undefined
  if (rule) return rule
  throw new NotTrainable(`${layer} has no gradient here (${kind})`)
}

/** The values that depend on a trained weight. */
function dependents({ steps }: Network, trained: Trained): Set<number> {
  const found = new Set<number>()
  for (const { operation, inputs, output } of steps) {
    const own =
      operation.kind === 'product'
        ? [operation.matrix.values, operation.bias]
        : operation.kind === 'normalise'
          ? [operation.norm.gamma, operation.norm.beta]
          : []
    const isOwn = own.some((array) => array && trained(array))
    if (isOwn || inputs.some((value) => found.has(value))) found.add(output)
  }
  return found
}
