import {
  memory,
  type Tensor,
  type Tensor4D,
  tensor,
  tensor1d,
  tensor4d,
  tidy,
} from '@tensorflow/tfjs-core'
import {
  type Augment,
  type MirrorImagesOptions,
  mirrorImages,
  type ShiftImagesOptions,
  shiftImages,
} from 'tfjs-prune'
import { describe, expect, test } from 'vitest'
import { moveHere, moveThere } from '../../src/training/augment-images.js'
import { refusalOf } from '../support/refusal-of.js'
import { bitsOf, randomValues } from '../support/weights.js'

type Shape = [number, number, number, number]
type Pixels = (image: number, row: number, column: number, channel: number) => number

const at = (seed: number) => ({ epoch: 0, batch: 0, seed })

/** The values of a batch of images, in their order. */
function valuesOf([n, height, width, channels]: Shape, pixel: Pixels): Float32Array {
  const values = new Float32Array(n * height * width * channels)
  let next = 0
  for (let image = 0; image < n; image++)
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++)
        for (let channel = 0; channel < channels; channel++)
          values[next++] = pixel(image, row, column, channel)
  return values
}

/** The images that an augmentation makes of given ones, in typed arrays, one for each image. */
function imagesOf(augment: Augment, images: Tensor4D, seed: number) {
  const ys = tensor1d(Array(images.shape[0]).fill(0))
  const { xs } = augment({ xs: [images], ys }, at(seed))
  const size = images.size / images.shape[0]
  const values = xs[0]!.dataSync()
  ys.dispose()
  xs[0]!.dispose()
  return Array.from({ length: images.shape[0] }, (_, i) => values.slice(i * size, (i + 1) * size))
}

/** Images by plain loops, moved by rows and columns. */
function moved(values: Float32Array, shape: Shape, by: [number, number], fill: 'edge' | number) {
  const [, height, width, channels] = shape
  const side = (place: number, size: number) => Math.min(Math.max(place, 0), size - 1)
  return valuesOf([1, height, width, channels], (_, row, column, channel) => {
    const [y, x] = [row + by[0], column + by[1]]
    const [from, of] = [side(y, height), side(x, width)]
    if (fill !== 'edge' && (from !== y || of !== x)) return fill
    return values[(from * width + of) * channels + channel]!
  })
}

/** The moves that make `image` of `values`: one, unless pixels repeat. */
function movesOf(
  image: Float32Array,
  values: Float32Array,
  shape: Shape,
  options: ShiftImagesOptions,
) {
  const { pixels, fill = 'edge' } = options
  const steps = Array.from({ length: 2 * pixels + 1 }, (_, i) => i - pixels)
  const bits = bitsOf(image).join()
  return steps
    .flatMap((y) => steps.map((x): [number, number] => [y, x]))
    .filter((by) => bitsOf(moved(values, shape, by, fill)).join() === bits)
}

describe('shiftImages', () => {
  test.each<[Shape, ShiftImagesOptions]>([
    [[40, 5, 7, 1], { pixels: 2 }],
    [[40, 5, 7, 3], { pixels: 4 }],
    [[40, 6, 4, 2], { pixels: 3, fill: 0 }],
    [[40, 4, 9, 1], { pixels: 1, fill: -0.1 }],
    [[40, 2, 2, 1], { pixels: 1, fill: 0 }],
    [[40, 2, 2, 1], { pixels: 1, fill: 'edge' }],
    [[3, 9, 8, 1], { pixels: 0 }],
    [[3, 1, 1, 1], { pixels: 0, fill: 5 }],
  ])(
    'shiftImages moves images of %j by %j as plain loops do, to the last bit',
    (shape, options) => {
      const values = randomValues(shape[0] * shape[1] * shape[2] * shape[3])
      const images = tensor4d(values, shape)
      const size = values.length / shape[0]
      imagesOf(shiftImages(options), images, 7).forEach((image, i) => {
        const source = values.slice(i * size, (i + 1) * size)
        expect(movesOf(Float32Array.from(image), source, shape, options)).toHaveLength(1)
      })
      images.dispose()
    },
  )

  test.each<['edge' | number]>([['edge'], [0.25]])(
    'shiftImages with fill %j keeps all pixels of images of many sizes, up to the outermost',
    (fill) => {
      for (const side of [2, 3, 29, 64]) {
        const shape: Shape = [5, side, side, 1]
        const pixel: Pixels = (_, row, column) => row * side + column
        const values = valuesOf([1, side, side, 1], pixel)
        const images = tensor4d(valuesOf(shape, pixel), shape)
        for (const image of imagesOf(shiftImages({ pixels: 1, fill }), images, side)) {
          const options = { pixels: 1, fill }
          expect(movesOf(Float32Array.from(image), values, shape, options)).toHaveLength(1)
        }
        images.dispose()
      }
    },
  )

  test('shiftImages draws each move alike, over seeds and images', () => {
    const [pixels, fill, counts] = [2, 0, new Map<string, number>()]
    const shape: Shape = [50, 3, 3, 1]
    const pixel: Pixels = (_, row, column) => 1 + row * 3 + column
    const images = tensor4d(valuesOf(shape, pixel), shape)
    const shift = shiftImages({ pixels, fill })
    const values = valuesOf([1, 3, 3, 1], pixel)
    const places = new Map<string, string>()
    for (const y of [-2, -1, 0, 1, 2])
      for (const x of [-2, -1, 0, 1, 2])
        places.set(moved(values, shape, [y, x], 0).join(), `${y} ${x}`)
    for (let seed = 0; seed < 100; seed++) {
      for (const image of imagesOf(shift, images, seed)) {
        const place = places.get(image.join())!
        counts.set(place, (counts.get(place) ?? 0) + 1)
      }
    }
    images.dispose()
    expect(places.size).toBe(25)
    const expected = (50 * 100) / 25
    const chiSquare = [...places.values()].reduce(
      (sum, place) => sum + ((counts.get(place) ?? 0) - expected) ** 2 / expected,
      0,
    )
    expect(chiSquare).toBeLessThan(42.98) // the 99 % point with 24 degrees of freedom
  })

  test('shiftImages makes the same of the same seed, on every backend, and other moves of others', () => {
    const images = tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1])
    const shift = shiftImages({ pixels: 1, fill: 0 })
    const made = (seed: number) => imagesOf(shift, images, seed)[0]!.join(' ')
    expect([3, 4, 5, 6].map(made)).toEqual(SHIFTED)
    expect([3, 4, 5, 6].map(made)).toEqual(SHIFTED)
    images.dispose()
  })

  test('shiftImages moves all images of a sample alike and leaves all else as it is', () => {
    const shape: Shape = [8, 4, 4, 1]
    const [values, ys] = [randomValues(8 * 16), tensor1d([0, 1, 0, 1, 0, 1, 0, 1])]
    const [one, other] = [
      tensor4d(values, shape),
      tensor4d(
        values.map((x) => 2 * x),
        shape,
      ),
    ]
    const meta = tensor([...Array(16).keys()], [8, 2])
    const answer = shiftImages({ pixels: 2 })({ xs: [one, meta, other], ys }, at(3))
    const [first, between, last] = answer.xs
    expect(Array.from(last!.dataSync())).toEqual(Array.from(first!.dataSync(), (x) => 2 * x))
    expect(bitsOf(first!)).not.toEqual(bitsOf(one))
    expect(between).toBe(meta)
    expect(answer.ys).toBe(ys)
    for (const made of [one, other, meta, ys, first!, last!]) made.dispose()
  })

  test('shiftImages keeps infinite, tiny and negative zero pixels', () => {
    const odd = [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      1e-40,
      0,
      3.4e38,
      -1e-30,
      1,
      2,
    ]
    const images = tensor4d(Float32Array.from([...odd, ...odd, ...odd]), [3, 3, 3, 1])
    for (const fill of ['edge', 7] as const) {
      for (const image of imagesOf(shiftImages({ pixels: 1, fill }), images, 5)) {
        const options = { pixels: 1, fill }
        const source = Float32Array.from(odd)
        expect(movesOf(Float32Array.from(image), source, [1, 3, 3, 1], options)).toHaveLength(1)
      }
    }
    images.dispose()
  })

  test.each<[unknown, string]>([
    [
      undefined,
      'TypeError: Cannot shift images: expected an object of options with pixels, got undefined',
    ],
    [
      {},
      'TypeError: Cannot shift images: expected pixels to be a whole number of at least 0, got undefined',
    ],
    [
      { pixels: 1.5 },
      'RangeError: Cannot shift images: expected pixels to be a whole number of at least 0, got 1.5',
    ],
    [
      { pixels: -1 },
      'RangeError: Cannot shift images: expected pixels to be a whole number of at least 0, got -1',
    ],
    [
      { pixels: '2' },
      'TypeError: Cannot shift images: expected pixels to be a whole number of at least 0, got "2"',
    ],
    [
      { pixels: 1, fill: Number.NaN },
      "RangeError: Cannot shift images: expected fill to be 'edge' or a finite number, got NaN",
    ],
    [
      { pixels: 1, fill: 'zeros' },
      `TypeError: Cannot shift images: expected fill to be 'edge' or a finite number, got "zeros"`,
    ],
    [
      { pixel: 1 },
      'TypeError: Cannot shift images: expected options among pixels, fill, got pixel: did you mean pixels?',
    ],
  ])('shiftImages refuses the options %j', (options, message) => {
    expect(refusalOf(() => shiftImages(options as ShiftImagesOptions))).toBe(message)
  })

  test('shiftImages refuses moves beyond the image', () => {
    const [images, ys] = [tensor4d(Array(15).fill(1), [1, 3, 5, 1]), tensor1d([0])]
    const before = memory().numTensors
    const run = () => shiftImages({ pixels: 3 })({ xs: [images], ys }, at(0))
    expect(refusalOf(run)).toBe(
      'RangeError: Cannot shift images: expected pixels below the sides of images, got 3 for images of 3 x 5',
    )
    expect(memory().numTensors).toBe(before)
    images.dispose()
    ys.dispose()
  })
})

/** 1 to 9 in three rows: seeds 3 to 6 draw (-1, -1), (0, 1), (-1, 0) and (1, 0). */
const SHIFTED = ['0 0 0 0 1 2 0 4 5', '2 3 0 5 6 0 8 9 0', '0 0 0 1 2 3 4 5 6', '4 5 6 7 8 9 0 0 0']

describe('mirrorImages', () => {
  const shape: Shape = [200, 3, 4, 2]
  const values = randomValues(200 * 24)
  const mirrored = valuesOf(shape, (image, row, column, channel) => {
    return values[((image * 3 + row) * 4 + 3 - column) * 2 + channel]!
  })
  const part = (of: Float32Array, i: number) => bitsOf(of.slice(i * 24, (i + 1) * 24)).join()

  test.each<[MirrorImagesOptions, number, number]>([
    [{}, 80, 120],
    [{ probability: 0.1 }, 8, 32],
    [{ probability: 1 }, 200, 200],
    [{ probability: 0 }, 0, 0],
  ])(
    'mirrorImages with %j mirrors its share of the images, to the last bit',
    (options, least, most) => {
      const images = tensor4d(values, shape)
      const made = imagesOf(mirrorImages(options), images, 11)
      images.dispose()
      const turned = made.map((image, i) => {
        const bits = bitsOf(Float32Array.from(image)).join()
        expect([part(values, i), part(mirrored, i)]).toContain(bits)
        return bits === part(mirrored, i)
      })
      const count = turned.filter(Boolean).length
      expect(count).toBeGreaterThanOrEqual(least)
      expect(count).toBeLessThanOrEqual(most)
    },
  )

  test('mirrorImages makes the same of the same seed, on every backend', () => {
    const images = tensor4d([...Array(8).keys(), ...Array(8).keys()], [8, 1, 2, 1])
    const made = () => imagesOf(mirrorImages(), images, 2).map(([first]) => first! % 2)
    expect(made()).toEqual(MIRRORED)
    expect(made()).toEqual(MIRRORED)
    images.dispose()
  })

  test.each<[Shape]>([[[2, 1, 1, 3]], [[2, 1, 5, 1]], [[2, 5, 1, 1]], [[1, 301, 223, 1]]])(
    'mirrorImages takes images of %j',
    (sides) => {
      const given = randomValues(sides.reduce((a, b) => a * b))
      const images = tensor4d(given, sides)
      const [, height, width, channels] = sides
      const wanted = valuesOf(sides, (image, row, column, channel) => {
        return given[((image * height + row) * width + width - 1 - column) * channels + channel]!
      })
      const made = imagesOf(mirrorImages({ probability: 1 }), images, 1)
      expect(made.flatMap((image) => Array.from(image))).toEqual(Array.from(wanted))
      images.dispose()
    },
  )

  test.each<[unknown, string]>([
    [
      { probability: 1.5 },
      'RangeError: Cannot mirror images: expected probability to be in [0, 1], got 1.5',
    ],
    [
      { probability: Number.NaN },
      'RangeError: Cannot mirror images: expected probability to be in [0, 1], got NaN',
    ],
    [
      { probability: true },
      'TypeError: Cannot mirror images: expected probability to be in [0, 1], got boolean',
    ],
    [0.5, 'TypeError: Cannot mirror images: expected an object of options, got 0.5'],
  ])('mirrorImages refuses the options %j', (options, message) => {
    expect(refusalOf(() => mirrorImages(options as MirrorImagesOptions))).toBe(message)
  })
})

/** Whether seed 2 mirrors each of eight images. */
const MIRRORED = [0, 0, 0, 1, 1, 1, 0, 0]

describe('the augmentations of images', () => {
  const members: [string, Augment][] = [
    ['shiftImages', shiftImages({ pixels: 1 })],
    ['shiftImages with a number', shiftImages({ pixels: 1, fill: 1 })],
    ['mirrorImages', mirrorImages()],
  ]

  test.each(members)('%s keeps dtypes: int32 and bool as float32 is changed', (_name, augment) => {
    const bits = randomValues(4 * 9).map((x) => Number(x > 0))
    const images = (['float32', 'int32', 'bool'] as const).map(
      (dtype) => tensor(Array.from(bits), [4, 3, 3, 1], dtype) as Tensor4D,
    )
    const ys = tensor1d([0, 0, 0, 0])
    const { xs } = augment({ xs: images, ys }, at(3))
    expect(xs.map(({ dtype }) => dtype)).toEqual(['float32', 'int32', 'bool'])
    const [float, int, bool] = xs.map((one) => Array.from(one.dataSync(), Number))
    expect([int, bool]).toEqual([float, float])
    for (const made of [...images, ...xs, ys]) made.dispose()
  })

  test.each(members)('%s keeps whole numbers of 31 bits', (_name, augment) => {
    const images = tensor([2_147_483_647, -2_147_483_647, 16_777_217, 3], [1, 2, 2, 1], 'int32')
    const wanted = new Set(images.dataSync())
    wanted.add(1)
    for (let seed = 0; seed < 5; seed++)
      for (const value of imagesOf(augment, images as Tensor4D, seed)[0]!)
        expect(wanted).toContain(value)
    images.dispose()
  })

  test.each(members)('%s leaves no tensor but the images', async (_name, augment) => {
    const [images, ys] = [tensor4d(Array(36).fill(1), [4, 3, 3, 1]), tensor1d([0, 0, 0, 0])]
    await expect(() => {
      for (const made of augment({ xs: [images], ys }, at(1)).xs) made.dispose()
    }).toLeaveNoTensors()
    expect(images.isDisposed).toBe(false)
    images.dispose()
    ys.dispose()
  })

  test.each(members)('%s refuses a batch without images', (name, augment) => {
    const rows: Tensor[] = [tensor([1, 2], [1, 2]), tensor([1], [1, 1, 1])]
    const ys = tensor1d([0])
    const before = memory().numTensors
    const task = name.startsWith('shift') ? 'shift images' : 'mirror images'
    expect(refusalOf(() => augment({ xs: rows, ys }, at(0)))).toBe(
      `TypeError: Cannot ${task}: expected an input of shape [n, height, width, channels], got [1, 2] and [1, 1, 1]`,
    )
    expect(memory().numTensors).toBe(before)
    for (const made of [...rows, ys]) made.dispose()
  })

  test.each(['float32', 'int32', 'bool'] as const)(
    'images of %s are moved by the kernel of other backends as by the loop of this one',
    async (dtype) => {
      const values = Array.from(randomValues(5 * 12 * 2), (x) =>
        dtype === 'float32' ? x : Number(x > 0),
      )
      const images = tensor(values, [5, 3, 4, 2], dtype) as Tensor4D
      // 60 is the place beyond an image.
      const places = Int32Array.from({ length: 5 * 12 }, (_, i) => (7 * i * i) % 61)
      places[3] = 60
      const [here, there] = [moveHere(images, places, 1), moveThere(images, places, 1)]
      expect([there.shape, there.dtype]).toEqual([here.shape, here.dtype])
      expect(Array.from(there.dataSync(), Number)).toEqual(Array.from(here.dataSync(), Number))
      for (const move of [moveHere, moveThere])
        await expect(() => tidy(() => void move(images, places, 1))).toLeaveNoTensors()
      for (const made of [images, here, there]) made.dispose()
    },
  )

  test.each<['float32' | 'int32' | 'bool', number]>([
    ['float32', 2.5],
    ['int32', 2],
    ['bool', 1],
  ])('shiftImages casts what it fills images of %s with', (dtype, wanted) => {
    const [images, ys] = [tensor(Array(9).fill(0), [1, 3, 3, 1], dtype), tensor1d([0])]
    const { xs } = shiftImages({ pixels: 2, fill: 2.5 })({ xs: [images], ys }, at(0))
    expect(new Set(Array.from(xs[0]!.dataSync(), Number))).toEqual(new Set([0, wanted]))
    for (const made of [images, ys, ...xs]) made.dispose()
  })

  test('shiftImages and mirrorImages tell their settings', () => {
    expect(shiftImages({ pixels: 2 }).settings).toEqual({
      name: 'shiftImages',
      pixels: 2,
      fill: 'edge',
    })
    expect(mirrorImages().settings).toEqual({ name: 'mirrorImages', probability: 0.5 })
  })
})
