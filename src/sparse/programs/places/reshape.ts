import type { Step } from '../../network/network.js'
import type { Builder } from '../layout/builder.js'

/** Elements keep their order: the outcome is the input by another name. */
export function lowerReshape(builder: Builder, { inputs, output }: Step): void {
  Object.assign(builder.formsOf(output), builder.formsOf(inputs[0]!))
}
