/** An image as bytes, red, green and blue in turn, row by row from the top. */
export interface RgbImage {
  readonly rgb: Uint8ClampedArray
  readonly height: number
  readonly width: number
}

const HEADER = 54

/** An image as a `data:` URL of a Windows bitmap, which every browser reads. */
export function bitmapUrl({ rgb, height, width }: RgbImage): string {
  const line = Math.ceil((3 * width) / 4) * 4 // lines begin at multiples of four
  const bytes = new Uint8Array(HEADER + line * height)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0x4d42, true) // BM
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, HEADER, true)
  view.setUint32(14, 40, true)
  view.setInt32(18, width, true)
  view.setInt32(22, height, true)
  view.setUint16(26, 1, true)
  view.setUint16(28, 24, true) // bits a pixel
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = 3 * ((height - 1 - row) * width + column) // from the bottom up
      const to = HEADER + row * line + 3 * column
      for (let colour = 0; colour < 3; colour++) bytes[to + 2 - colour] = rgb[from + colour]!
    }
  }
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return `data:image/bmp;base64,${btoa(text)}`
}
