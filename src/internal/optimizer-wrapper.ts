import { Optimizer, Tensor } from '@tensorflow/tfjs-core'
import { learningRateOf, setLearningRate } from './learning-rate.js'

/**
 * Base of optimizers that change gradients or weights around an inner one. What tfjs asks of an
 * optimizer when it saves or restores a compiled model goes to the inner one.
 */
export abstract class OptimizerWrapper extends Optimizer {
  readonly #inner: Optimizer

  constructor(inner: Optimizer) {
    super()
    this.#inner = inner
  }

  /**
   * The optimizer inside all wrappers. A private field tells: tfjs makes `instanceof` true for
   * every optimizer.
   */
  static unwrap(optimizer: Optimizer): Optimizer {
    return #inner in optimizer ? OptimizerWrapper.unwrap(optimizer.#inner) : optimizer
  }

  /** The optimizer that it wraps. */
  protected get inner(): Optimizer {
    return this.#inner
  }

  /** Learning rate that the inner optimizer tells; NaN when it tells none. */
  get learningRate(): number {
    return learningRateOf(this.#inner)
  }
  /** Sets the learning rate of the inner optimizer. */
  set learningRate(rate: number) {
    setLearningRate(OptimizerWrapper.unwrap(this), rate)
  }

  override dispose(): void {
    disposeOptimizer(this.inner)
  }
  override getClassName(): string {
    return this.inner.getClassName()
  }
  override getConfig(): ReturnType<Optimizer['getConfig']> {
    return this.inner.getConfig()
  }
  /** Step count and slots of the inner optimizer; its slots are its own variables, not copies. */
  override getWeights(): ReturnType<Optimizer['getWeights']> {
    return this.inner.getWeights()
  }
  override setWeights(...weights: Parameters<Optimizer['setWeights']>): Promise<void> {
    return this.inner.setWeights(...weights)
  }
  override get iterations() {
    return this.inner.iterations
  }
}

/**
 * Frees an optimizer wholly: the stock momentum optimizer forgets the scalar that holds its
 * learning rate.
 */
export function disposeOptimizer(optimizer: Optimizer): void {
  optimizer.dispose()
  for (const value of Object.values(optimizer))
    if (value instanceof Tensor && !value.isDisposed) value.dispose()
}
