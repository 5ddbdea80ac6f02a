import { memory, scalar, square, tidy } from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { grid } from 'tfjs-prune/sweep'

export const jobs = grid({ seed: [1, 2, 3, 4], set: ['a', 'b'] })

export default ({ seed, set }, { progress }) => {
  if (seed === 4 && set === 'b') throw new RangeError('no such sample')
  progress(0.5)
  const value = tidy(() => square(scalar(seed)).dataSync()[0])
  return { value, tensors: memory().numTensors, pid: process.pid }
}
