import type { Step } from '../../network/network.js'
import type { Given } from '../../network/training-operations.js'
import type { TrainingBuilder } from './training-builder.js'

/** A value that the caller writes. */
export function lowerGiven({ give }: TrainingBuilder, { output }: Step, { name }: Given): void {
  give(name, output)
}
