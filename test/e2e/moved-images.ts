/** Runs in the browser: moves and mirrors images on the backend in use. */
import { type Tensor4D, tensor, tensor1d } from '@tensorflow/tfjs-core'
import { mirrorImages, shiftImages } from 'tfjs-prune'

/** Values of float32, int32 and bool images after each augmentation. */
export async function movedImages(): Promise<Record<string, number[]>> {
  const numbers = Array.from({ length: 3 * 7 * 6 * 2 }, (_, i) => Math.sin(i) * 100)
  const ys = tensor1d([0, 1, 0])
  const found: Record<string, number[]> = {}
  const augments = {
    'shiftImages, edge': shiftImages({ pixels: 2 }),
    'shiftImages, 0.3': shiftImages({ pixels: 5, fill: 0.3 }),
    mirrorImages: mirrorImages(),
  }
  for (const dtype of ['float32', 'int32', 'bool'] as const) {
    const values = dtype === 'bool' ? numbers.map((x) => Number(x > 0)) : numbers
    const images = tensor(values, [3, 7, 6, 2], dtype) as Tensor4D
    for (const [name, augment] of Object.entries(augments)) {
      const { xs } = augment({ xs: [images], ys }, { epoch: 0, batch: 0, seed: 8 })
      found[`${name}, ${dtype}`] = Array.from(await xs[0]!.data(), Number)
      for (const one of xs) one.dispose()
    }
    images.dispose()
  }
  ys.dispose()
  return found
}
