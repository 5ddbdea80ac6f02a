import { constant, countDown, increase, keepEight, type WasmFunction } from './assembler.js'

const [groups, values, mask, out] = [0, 1, 2, 3] as const

/** out = the values where the mask is 1, 0 elsewhere: 8 floats and 8 bytes at a time. */
export const keepEights: WasmFunction = {
  name: 'keepEights',
  parameters: 4,
  locals: [],
  body: countDown(groups, [
    ...keepEight({ values, mask, out }),
    ...increase(values, constant(32)),
    ...increase(mask, constant(8)),
    ...increase(out, constant(32)),
  ]),
}
