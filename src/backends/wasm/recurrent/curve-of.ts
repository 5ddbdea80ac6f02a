import { tensor1d, tidy } from '@tensorflow/tfjs-core'
import { type CurveName, curves } from '../code/curves.js'
import type { Activation } from './recurrent-layer.js'

const POINTS = [-30, -4, -1, -0.3, 0, 0.3, 1, 4, 30]

const found = new WeakMap<Activation, CurveName | undefined>()

/**
 * The name of an activation that the fused cells know. A class of the caller's can have the name of
 * a stock one, so that its values are looked at too, once.
 */
export function curveOf(activation: Activation): CurveName | undefined {
  if (Object.hasOwn(activation, 'apply')) return undefined
  if (!found.has(activation)) found.set(activation, recognise(activation))
  return found.get(activation)
}

function recognise(activation: Activation): CurveName | undefined {
  const name = activation.getClassName()
  if (!Object.hasOwn(curves, name)) return undefined
  const values = tidy(() => activation.apply(tensor1d(POINTS)).dataSync())
  const { of } = curves[name as CurveName]
  const same = POINTS.every((x, i) => Math.abs(of(x) - values[i]!) <= 1e-5)
  return same ? (name as CurveName) : undefined
}
