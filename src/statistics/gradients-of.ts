import { engine, type Scalar, type Tensor, type Variable, zerosLike } from '@tensorflow/tfjs-core'

/**
 * Derivatives of a scalar by variables, frozen ones too, which tf.variableGrads leaves out; 0 for a
 * variable that it does not depend on. To be called in a tidy.
 */
export function gradientsOf(compute: () => Scalar, variables: readonly Variable[]): Tensor[] {
  const { grads } = engine().gradients(compute, [...variables], undefined, true)
  return variables.map((variable, i) => grads[i] ?? zerosLike(variable))
}
