import { Tensor } from '@tensorflow/tfjs-core'
import { describe } from '../internal/describe.js'
import { firstNonFinite } from '../internal/weight-values.js'

/** The answer of a criterion. Throws unless it is a float32 tensor of the right shape. */
export function checkAnswer(
  answer: unknown,
  { name, task, shape }: { name: string; task: 'score' | 'compensate'; shape: readonly number[] },
): Tensor {
  const action = `Cannot ${task} ${name}: expected the criterion to return`
  if (!(answer instanceof Tensor)) {
    const got = answer instanceof Promise ? 'a promise' : describe(answer)
    throw new TypeError(`${action} a tensor, got ${got}`)
  }
  if (answer.shape.join() !== shape.join()) {
    throw new TypeError(`${action} shape [${shape.join(', ')}], got [${answer.shape.join(', ')}]`)
  }
  if (answer.dtype !== 'float32') throw new TypeError(`${action} float32, got ${answer.dtype}`)
  return answer
}

interface Finite {
  readonly name: string
  readonly what: 'weights' | 'scores' | 'compensated weights'
  /** Where it is 0, a value may be anything. */
  readonly mask?: Uint8Array
}

/** Throws for a value that is NaN or infinite. */
export function checkFiniteValues(values: ArrayLike<number>, { name, what, mask }: Finite): void {
  const index = firstNonFinite(values, mask)
  if (index < 0) return
  throw new RangeError(
    `Cannot score ${name}: expected finite ${what}, got ${values[index]} at index ${index}`,
  )
}
