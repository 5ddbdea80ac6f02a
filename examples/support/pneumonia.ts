import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { type Role, type SplitByRoleOptions, splitByRole } from 'tfjs-prune'

/** Gray chest X-rays of 28 x 28 pixels, one after another, and labels, 1 = pneumonia. */
export interface XRays {
  readonly pixels: Uint8Array
  readonly ys: Uint8Array
}

/** What a model takes, and the labels. */
export interface Samples {
  readonly xs: tf.Tensor4D
  readonly ys: Uint8Array
}

const SIZE = 28 * 28

const SETS = {
  'pneumonia-full': 'all of them',
  'pneumonia-1to5': 'with one positive kept to five negatives in train and val',
}

/** Where DATA_DIR is not set: what to do. */
export function whatIsMissing(set: keyof typeof SETS): string {
  return (
    'Nothing was run: this example needs chest X-rays that do not come with the package; set DATA_DIR to a folder with ' +
    `${set}/<split>-images.bin and ${set}/<split>-labels.bin for the splits train, val and test, the arrays of ` +
    `PneumoniaMNIST (28 x 28, medmnist.com, CC BY 4.0), ${SETS[set]}, as bytes: in Python ` +
    "numpy.load(file)['train_images'].tofile(...) and so on."
  )
}

/** Folder of a set; undefined where DATA_DIR is not set. */
export function findXRays(set: keyof typeof SETS): string | undefined {
  if (!process.env.DATA_DIR) return undefined
  const folder = join(process.env.DATA_DIR, set)
  if (!existsSync(folder))
    throw new Error(`Cannot find the X-rays: expected a folder ${folder}, got none`)
  return folder
}

/** Reads a split; inside it the order is by class. */
export function readXRays(folder: string, split: 'train' | 'val' | 'test'): XRays {
  const read = (what: string) => new Uint8Array(readFileSync(join(folder, `${split}-${what}.bin`)))
  const [pixels, ys] = [read('images'), read('labels')]
  if (pixels.length === ys.length * SIZE) return { pixels, ys }
  throw new Error(
    `Cannot read the X-rays: expected ${ys.length} images of ${SIZE} bytes, got ${pixels.length} bytes`,
  )
}

/**
 * The images of all parts in order, without those that are equal to an earlier one byte by byte.
 */
export function withoutRepeats(parts: readonly XRays[]): XRays {
  const kept = new Map<string, { image: Uint8Array; label: number }>()
  for (const { pixels, ys } of parts) {
    ys.forEach((label, i) => {
      const image = pixels.subarray(i * SIZE, (i + 1) * SIZE)
      const key = Buffer.from(image).toString('latin1')
      if (!kept.has(key)) kept.set(key, { image, label })
    })
  }
  const images = [...kept.values()]
  return {
    pixels: new Uint8Array(Buffer.concat(images.map(({ image }) => image))),
    ys: Uint8Array.from(images, ({ label }) => label),
  }
}

/** The images with these indices, in this order. */
export function pickXRays({ pixels, ys }: XRays, indices: Int32Array): XRays {
  const images = Array.from(indices, (i) => pixels.subarray(i * SIZE, (i + 1) * SIZE))
  return {
    pixels: new Uint8Array(Buffer.concat(images)),
    ys: Uint8Array.from(indices, (i) => ys[i]!),
  }
}

/** Number of images with and without pneumonia. */
export function countXRays({ ys }: { readonly ys: Uint8Array }): {
  positives: number
  negatives: number
} {
  const positives = ys.reduce((sum, label) => sum + label, 0)
  return { positives, negatives: ys.length - positives }
}

/**
 * `splitByRole` with shares for each class, in the order of the labels: few positives to train,
 * many to calibrate.
 */
export function splitEachClass(
  ys: Uint8Array,
  { shares, seed }: { shares: readonly SplitByRoleOptions['shares'][]; seed: number },
): Record<Role, Int32Array> {
  const classes = shares.map((ofClass, label) => {
    const members = Int32Array.from(ys.keys()).filter((i) => ys[i] === label)
    return {
      members,
      parts: splitByRole(new Uint8Array(members.length).fill(label), { shares: ofClass, seed }),
    }
  })
  const role = (name: Role) =>
    Int32Array.from(
      classes.flatMap(({ members, parts }) => Array.from(parts[name] ?? [], (i) => members[i]!)),
    )
  return {
    train: role('train'),
    validation: role('validation'),
    calibration: role('calibration'),
    test: role('test'),
  }
}

/**
 * Inputs [n, 28, 28, 1] and labels of each part, with the mean and the deviation of the training
 * pixels.
 */
export function standardise<Part extends string>(
  parts: Record<'train' | Part, XRays>,
): Record<'train' | Part, Samples> {
  const { pixels } = parts.train
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length
  const variance = pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / pixels.length
  const samples = ({ pixels, ys }: XRays): Samples => {
    const values = Float32Array.from(pixels, (pixel) => (pixel - mean) / Math.sqrt(variance))
    return { xs: tf.tensor4d(values, [ys.length, 28, 28, 1]), ys }
  }
  const entries = Object.entries<XRays>(parts).map(([part, xRays]) => [part, samples(xRays)])
  return Object.fromEntries(entries)
}

/**
 * He-normal kernels without truncation, as PyTorch draws them; tfjs's heNormal cuts at two
 * deviations, 12 % narrower.
 */
export function buildModel(seed: number): LayersModel {
  let next = 10 * seed
  const heNormal = (fanIn: number) => ({
    kernelInitializer: initializers.randomNormal({ stddev: Math.sqrt(2 / fanIn), seed: ++next }),
  })
  const conv = (name: string, filters: number) => ({
    name,
    filters,
    kernelSize: 3,
    padding: 'same' as const,
    activation: 'relu' as const,
  })
  return sequential({
    layers: [
      layers.conv2d({ ...conv('first', 16), ...heNormal(9), inputShape: [28, 28, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv('second', 32), ...heNormal(9 * 16) }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv('third', 32), ...heNormal(9 * 32) }),
      layers.flatten(),
      layers.dense({ name: 'hidden', units: 64, activation: 'relu', ...heNormal(7 * 7 * 32) }),
      layers.dense({ name: 'head', units: 2, ...heNormal(64) }),
    ],
  })
}
