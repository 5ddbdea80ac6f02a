import type { Scalar } from '@tensorflow/tfjs-core'
import type { ModelOutput, OutputOption } from '../internal/model-output.js'
import type { Loss } from '../types.js'

interface Following<T extends Loss> {
  readonly settings: Readonly<Record<string, unknown>> & { readonly output: OutputOption }
  /** Class that it treats unlike the others, or the classes. */
  readonly favours?: Loss['favours'] | undefined
  /** Makes the loss anew for a known output. */
  readonly remake: (output: ModelOutput) => T
}

/** Gives a loss its settings, and where its output is `'auto'` the way to bind it to a model's. */
export function followOutput<T extends Loss>(
  compute: (...batch: Parameters<T>) => Scalar,
  { settings, favours, remake }: Following<T>,
) {
  const forOutput = settings.output === 'auto' ? { forOutput: remake } : {}
  return Object.assign(compute, {
    settings,
    ...(favours !== undefined && { favours }),
    ...forOutput,
  })
}

/**
 * The losses of one sum, and their output. Those of `'auto'` are bound to the output that another
 * asks for; it is undefined where no loss has one. Throws a RangeError if two outputs differ.
 */
export function agreeOnOutput<T extends Loss>(
  losses: readonly T[],
  { task, output: wanted }: { readonly task: string; readonly output?: OutputOption },
): { losses: readonly T[]; output: OutputOption | undefined } {
  const known = losses.map(({ settings = {} }) => settings)
  if (known.some(({ grouped }) => grouped)) {
    const remedy = 'falseNegativeBudget takes others as plus'
    throw new RangeError(`Cannot ${task}: expected losses of classes, got one of groups: ${remedy}`)
  }
  const isOfClasses = known.some(({ output: of, label }) => of && label === undefined)
  if ((wanted || isOfClasses) && known.some(({ label }) => label !== undefined)) {
    const remedy = 'forLabel and perLabel go around all of it'
    throw new RangeError(`Cannot ${task}: expected losses of classes, got one of labels: ${remedy}`)
  }
  const all = [wanted, ...known.map(({ output: of }) => of)]
  const [output, other] = [...new Set(all.filter((one) => one !== undefined && one !== 'auto'))]
  if (other !== undefined) {
    throw new RangeError(
      `Cannot ${task}: expected losses of one output, got ${String(output)} and ${String(other)}`,
    )
  }
  if (output === undefined) return { losses, output: all.includes('auto') ? 'auto' : undefined }
  return {
    losses: losses.map((loss) => bindTo(loss, output as ModelOutput)),
    output: output as ModelOutput,
  }
}

/** The loss for a known output; one that does not follow stays as it is. */
export function bindTo<T extends Loss>(loss: T, output: ModelOutput): T {
  return (loss.forOutput?.(output) as T | undefined) ?? loss
}
