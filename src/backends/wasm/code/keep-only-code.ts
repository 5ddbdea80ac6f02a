import { constant, countDown, increase, keepSixteen, v128, type WasmFunction } from './assembler.js'

const [groups, values, mask, out, bits] = [0, 1, 2, 3, 4] as const

/** out = the values where the mask is 1, 0 elsewhere: 16 floats and 16 bytes at a time. */
export const keepSixteens: WasmFunction = {
  name: 'keepSixteens',
  parameters: 4,
  locals: [[1, v128]],
  body: countDown(groups, [
    ...keepSixteen({ values, mask, out, bits }),
    ...increase(values, constant(64)),
    ...increase(mask, constant(16)),
    ...increase(out, constant(64)),
  ]),
}
