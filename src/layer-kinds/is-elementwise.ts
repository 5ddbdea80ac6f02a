const named = <K extends string>(kind: K, names: string) =>
  names.split(' ').map((name) => [name, kind] as const)

/**
 * Functions of single elements, by the numbers that they make of scores of any size; softmax, whose
 * outputs sum to 1, is none.
 */
export const elementwise = new Map([
  ...named('scores', 'linear elu selu'),
  // In float32 they are -0 from some score on: its sign is lost.
  ...named('floored', 'gelu gelu_new swish mish'),
  ...named('positive', 'relu relu6 softplus'),
  ...named('bounded', 'tanh softsign'),
  ...named('sigmoid', 'sigmoid hardSigmoid'),
])

/** Whether an activation computes each element by itself. */
export function isElementwise(activation: unknown): boolean {
  return elementwise.has(activation as string)
}
