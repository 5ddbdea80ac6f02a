/** Functions of single elements; softmax, whose outputs sum to 1, is none. */
const ELEMENTWISE = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'gelu', 'gelu_new', 'mish', 'swish'],
  ...['sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh'],
]

/** Whether an activation computes each element by itself. */
export function isElementwise(activation: unknown): boolean {
  return ELEMENTWISE.includes(activation as string)
}
