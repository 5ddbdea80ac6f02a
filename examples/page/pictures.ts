/** Pictures of one shape, as bytes and as the numbers in [0, 1] that the network takes. */
export interface Pictures {
  readonly shape: readonly number[]
  /** Numbers in a picture. */
  readonly size: number
  readonly count: number
  readonly bytes: Uint8Array
  /** Row-major, `count` samples of `shape`. */
  readonly values: Float32Array
}

/** Fetches pictures that lie in a file one after the other, a byte for each number. */
export async function fetchPictures(url: string, shape: readonly number[]): Promise<Pictures> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`Expected pictures at ${url}, got status ${answer.status}`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const values = Float32Array.from(bytes, (byte) => byte / 255)
  const size = shape.reduce((product, length) => product * length, 1)
  return { shape, size, count: bytes.length / size, bytes, values }
}

/** The first picture, as the network takes it. */
export const firstOf = ({ size, values }: Pictures): Float32Array => values.subarray(0, size)

/** Draws a picture of one or three channels. */
export function drawing({ shape, size, bytes }: Pictures, index: number): HTMLCanvasElement {
  const [height, width, channels] = shape as [number, number, number]
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const image = new ImageData(width, height)
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = index * size + pixel * channels
    const level = (channel: number) => bytes[from + Math.min(channel, channels - 1)]!
    image.data.set([level(0), level(1), level(2), 255], pixel * 4)
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0)
  return canvas
}
