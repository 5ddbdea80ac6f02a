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

/** Gives the image of a sample as a `data:` URL, or nothing where there are no images. */
export type UrlOf = (sample: number) => string | undefined

/** Reads images of so many samples. Throws unless pixels are those of all of them. */
export function readImages(
  images: SampleImages | undefined,
  { samples, task }: { readonly samples: number; readonly task: string },
): UrlOf {
  if (images === undefined) return () => undefined
  if (isPixels(images)) return pixelUrls(images, { samples, task })
  return (sample) => {
    const url = images[sample]
    if (typeof url === 'string' && url.startsWith('data:image/')) return url
    const got = typeof url === 'string' ? 'another address' : describe(url)
    throw new TypeError(
      `Cannot ${task}: expected a data:image/ URL for sample ${sample}, got ${got}`,
    )
  }
}

const isPixels = (images: SampleImages): images is PixelImages => 'pixels' in images

function pixelUrls(
  { pixels, height, width, channels = 1, range: [black, white] = [0, 255] }: PixelImages,
  { samples, task }: { readonly samples: number; readonly task: string },
): UrlOf {
  const wrong = (wanted: string, got: unknown) =>
    optionError(new RangeError(`Cannot ${task}: expected ${wanted}, got ${got}`))
  if (channels !== 1 && channels !== 3) throw wrong('1 or 3 channels of images', channels)
  const size = height * width * channels
  if (!(size > 0 && pixels?.length === size * samples)) {
    const wanted = `${height} x ${width} x ${channels} values for each of ${samples} samples`
    throw wrong(wanted, `${pixels?.length} in all`)
  }
  if (!Number.isFinite(1 / (white - black)))
    throw wrong('two numbers as range', `${[black, white]}`)
  return (sample) => {
    const rgb = Uint8ClampedArray.from({ length: 3 * height * width }, (_, i) => {
      const place = Math.floor(i / 3) * channels + (channels === 3 ? i % 3 : 0)
      const value = pixels[sample * size + place]!
      if (!Number.isFinite(value))
        checkFinite(value, { task, name: `each pixel of sample ${sample}` })
      return (255 * (value - black)) / (white - black)
    })
    return bitmapUrl({ rgb, height, width })
  }
}
