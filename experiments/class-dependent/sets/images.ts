/** Images of two classes, as bytes. */
export interface Images {
  /** Height, width and channels. */
  readonly shape: readonly [number, number, number]
  /** One image after the other, rows first, channels last. */
  readonly pixels: Uint8Array
  /** 1 = the class that must not be missed. */
  readonly labels: Uint8Array
}

/** The bytes of an image. */
export const sizeOf = ({ shape }: Images) => shape[0] * shape[1] * shape[2]

/** The images with these indices, in this order. */
export function pick(images: Images, indices: Int32Array): Images {
  const size = sizeOf(images)
  const pixels = new Uint8Array(indices.length * size)
  indices.forEach((from, to) => {
    pixels.set(images.pixels.subarray(from * size, (from + 1) * size), to * size)
  })
  return { ...images, pixels, labels: Uint8Array.from(indices, (i) => images.labels[i]!) }
}

/** All images of a list of parts, one part after the other. */
export function joined(parts: readonly Images[]): Images {
  return {
    shape: parts[0]!.shape,
    pixels: new Uint8Array(Buffer.concat(parts.map(({ pixels }) => pixels))),
    labels: new Uint8Array(Buffer.concat(parts.map(({ labels }) => labels))),
  }
}

/**
 * The images that are unlike, byte by byte, all images before them and all images of `others`: a
 * repeated image must not stand in two parts.
 */
export function withoutRepeats(images: Images, others?: Images): Images {
  const seen = new Set(others ? keysOf(others) : [])
  const fresh: number[] = []
  keysOf(images).forEach((key, i) => {
    if (seen.has(key)) return
    seen.add(key)
    fresh.push(i)
  })
  return pick(images, Int32Array.from(fresh))
}

function keysOf(images: Images): string[] {
  const size = sizeOf(images)
  return Array.from(images.labels, (_, i) =>
    Buffer.from(images.pixels.subarray(i * size, (i + 1) * size)).toString('latin1'),
  )
}
