import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { FusedStep } from '../../updates/fused-step.js'
import { type FusedUpdates, type KeptGradients, takeStepWith } from '../../updates/take-step.js'
import { sumSquares, updateElements } from '../../updates/update-elements.js'

const floats = (values: Tensor): Float32Array => values.dataSync() as Float32Array
const arraysOf = ({ gradients, mask, places }: KeptGradients) => ({
  gradients: floats(gradients),
  mask: mask?.dataSync(),
  places,
})

/** Updates of the cpu backend. Its arrays may be those of a user: none is written to. */
const cpuUpdates: FusedUpdates = {
  few: 1,
  sumSquares: (gradients) => tensor(sumSquares(arraysOf(gradients))),
  update: (weight, how) => {
    const { values } = weight
    const out = new Float32Array(values.size)
    const slots = weight.slots.map((slot) => floats(slot).slice())
    updateElements(how, { ...arraysOf(weight), values: floats(values), slots, out })
    return [out, ...slots].map((array) => tensor(array, values.shape))
  },
}

/** The fused step of the cpu backend. */
export const cpuStep: FusedStep = takeStepWith(cpuUpdates)
