import type { OptionCheck } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import { checkFinite } from '../../internal/option-checks.js'
import { optionError } from '../../internal/option-error.js'
import type { NumberArray } from '../../types.js'
import { bitmapUrl } from './bitmap-url.js'

/** Images of the samples as one array of pixels, row by row, one image after the other. */
export interface PixelImages {
  /** Values of all samples, `[samples, height, width, channels]` in flat order. */
  readonly pixels: NumberArray
  readonly height: number
  readonly width: number
  /** 1 for grey, 3 for red, green and blue. @default 1 */
  readonly channels?: 1 | 3
  /** Values of black and of white. @default [0, 255] */
  readonly range?: readonly [black: number, white: number]
}

/** Images of the samples: `data:image/...` URLs by the place of the sample, or pixels. */
export type SampleImages = Readonly<Record<number, string>> | PixelImages

/** Throws unless a value looks like images. */
export const checkImages: OptionCheck = (value, { task, name }) => {
  if (typeof value === 'object' && value !== null) return
  const message = `Cannot ${task}: expected URLs or pixels as ${name}, got ${describe(value)}`
  throw optionError(new TypeError(message))
}

/** The image of one sample as a `data:` URL. Throws where there is none. */
export function imageUrl(images: SampleImages, sample: number, task: string): string {
  if (isPixels(images)) return bitmapUrl(pixelsOf(images, sample, task))
  const url = images[sample]
  if (typeof url === 'string' && url.startsWith('data:image/')) return url
  const got = typeof url === 'string' ? 'another address' : describe(url)
  throw new TypeError(`Cannot ${task}: expected a data:image/ URL for sample ${sample}, got ${got}`)
}

const isPixels = (images: SampleImages): images is PixelImages => 'pixels' in images

/** The bytes of one image, [0, 255], red, green and blue. */
function pixelsOf(images: PixelImages, sample: number, task: string) {
  const { pixels, height, width, channels = 1, range = [0, 255] } = images
  const size = height * width * channels
  if (!(size > 0 && pixels?.length >= size * (sample + 1))) {
    const wanted = `${size} values of each sample, up to sample ${sample}`
    throw new RangeError(`Cannot ${task}: expected ${wanted}, got ${pixels?.length} values in all`)
  }
  const [black, white] = range
  const rgb = Uint8ClampedArray.from({ length: 3 * height * width }, (_, i) => {
    const place = Math.floor(i / 3) * channels + (channels === 3 ? i % 3 : 0)
    const value = pixels[sample * size + place]!
    if (!Number.isFinite(value))
      checkFinite(value, { task, name: `each pixel of sample ${sample}` })
    return (255 * (value - black)) / (white - black)
  })
  return { rgb, height, width }
}
