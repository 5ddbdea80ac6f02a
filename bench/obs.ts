// The layer-wise optimal brain surgeon: scores of a layer, of which the inverse of H is nearly all,
// against NumPy's inverse; and what compensation takes for each output when half of its weights go.
import { tensor2d, tidy } from '@tensorflow/tfjs-core'
import { startWasm } from '../examples/support/backend.js'
import { layerwiseObs } from '../src/criteria/layerwise-obs.js'
import { report, secondsOf } from './support/measure.js'
import { runPython } from './support/python.js'

const SIZES = [500, 1_000, 2_000, 4_000]
const OUTPUTS = 2

export async function run(): Promise<void> {
  await startWasm()
  for (const inputs of SIZES) {
    const random = () => Float32Array.from({ length: inputs * OUTPUTS }, () => Math.random() - 0.5)
    const neighbours = Float32Array.from({ length: inputs ** 2 }, (_, at) => {
      return 0.9 ** Math.abs(Math.floor(at / inputs) - (at % inputs))
    })
    const shape: [number, number] = [inputs, OUTPUTS]
    const [final, inputProducts] = [
      tensor2d(random(), shape),
      tensor2d(neighbours, [inputs, inputs]),
    ]
    const mask = tensor2d(new Float32Array(inputs * OUTPUTS).fill(1), shape)
    const kept = tensor2d(
      random().map((value) => Number(value > 0)),
      shape,
    )
    const weight = {
      name: 'a/kernel',
      layer: 'a',
      role: 'kernel',
      round: 1,
      initial: final,
      final,
      mask,
      inputProducts,
    }
    const [exact, sequential] = [layerwiseObs(), layerwiseObs({ update: 'sequential' })]
    const score = (criterion: typeof exact) => tidy(() => criterion(weight).dataSync())
    const perOutput = async ({ compensate }: typeof exact) =>
      (await secondsOf(() => tidy(() => compensate!(weight, kept).dataSync()))) / OUTPUTS
    const seconds = Math.min(
      await secondsOf(() => score(exact)),
      await secondsOf(() => score(sequential)),
    )
    const figure = { bench: 'obs', inputs, subject: 'tfjs-prune', seconds }
    const compensation = {
      exactSeconds: await perOutput(exact),
      sequentialSeconds: await perOutput(sequential),
    }
    const numpy = runPython<{ seconds: number }>('obs.py', [inputs], { needs: 'sklearn' })
    if ('missing' in numpy)
      report({ ...figure, ...compensation, baseline: 'numpy', missing: numpy.missing })
    else {
      const ratio = numpy.seconds / seconds
      report({
        ...figure,
        ...compensation,
        baseline: 'numpy',
        baselineSeconds: numpy.seconds,
        ratio,
      })
    }
    for (const one of [final, inputProducts, mask, kept]) one.dispose()
  }
}
