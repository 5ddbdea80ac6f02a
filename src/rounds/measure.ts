import { type WeightValues, writeValues } from '../internal/weight-values.js'
import type { Evaluation } from '../types.js'
import { checkEvaluation } from './check-round.js'
import type { Run } from './run.js'

/**
 * Asks the caller's evaluation about the model, whose weights have these values. Throws where they
 * are others afterwards, since the report would be of a network that nobody gets; the model has its
 * own weights again then.
 */
export async function measure(
  {
    resolved: { model, weights },
    options: { evaluate, signal },
  }: Pick<Run, 'resolved' | 'options'>,
  values: Readonly<WeightValues>,
): Promise<Evaluation> {
  // A variable has other data after each assignment.
  const before = weights.map(({ variable }) => variable.dataId)
  const evaluation = await evaluate(model, { signal })
  checkEvaluation(evaluation, evaluate)
  const assigned = weights.filter(({ variable }, i) => variable.dataId !== before[i])
  for (const { name, variable } of assigned) {
    const [now, wanted] = [await variable.data(), values[name]!]
    if (now.every((value, i) => value === wanted[i])) continue
    writeValues(weights, values)
    throw new RangeError(
      `Cannot prune: expected evaluate to leave the model as it is, got other values in ${name}: ` +
        'change the model in train',
    )
  }
  return evaluation
}
