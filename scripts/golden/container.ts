/**
 * Writes test/golden/container/*.tfpr: a file for each kind of positions and each type of values.
 * Files of a version must stay readable, so that this is run for new ones only: npx tsx
 * scripts/golden/container.ts, then container.py beside it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { compressedTypes } from '../../src/files/codecs/codecs.js'
import {
  encodeWeight,
  placeWeight,
  type WeightToStore,
} from '../../src/files/container/encode-weight.js'
import type { ModelParts } from '../../src/files/container/header.js'
import { shareSections } from '../../src/files/container/share-sections.js'
import { writeContainer } from '../../src/files/container/write-container.js'
import type { CompressedType } from '../../src/files/model/value-type.js'
import { finish } from '../../src/files/model/work.js'
import { randomStream } from '../../src/internal/random.js'

const FOLDER = new URL('../../test/golden/container/', import.meta.url)
const LAST = 6

/**
 * Which places of a kernel of 40 x 6 are kept, by the kind of positions that this makes the
 * shortest.
 */
const PLACES: Readonly<Record<string, (flat: number, uniform: number) => boolean>> = {
  all: () => true,
  bitmap: (_, uniform) => uniform < 0.45,
  whole: (_, uniform) => uniform < 0.1,
  zeros: (_, uniform) => uniform > 0.1,
  rows: (flat) => Math.floor(flat / LAST) % 3 === 0,
  columns: (flat, uniform) => flat % LAST === 2 || (flat % LAST === 4 && uniform < 0.4),
  far: (flat) => flat % 239 === 0,
  none: () => false,
}

interface Asked extends WeightToStore {
  readonly type: CompressedType
}

function weight(places: string, type: CompressedType): Asked {
  const { uniform } = randomStream(7)
  const values = Float32Array.from({ length: 40 * LAST }, (_, flat) => {
    const value = (uniform() + uniform() - 1) * (1 + (flat % LAST))
    return PLACES[places]!(flat, uniform()) ? value : 0
  })
  return {
    name: `${places}/kernel`,
    shape: [40, LAST],
    dtype: 'float32',
    values,
    type,
    channels: { stride: 1, count: LAST },
  }
}

/** What is no float32, and shapes of no and one axis. */
const others: Asked[] = [
  {
    name: 'a/int32',
    shape: [3, 2],
    dtype: 'int32',
    values: Int32Array.of(0, -1, 2 ** 31 - 1, 7, 0, -(2 ** 31)),
  },
  { name: 'a/bool', shape: [4], dtype: 'bool', values: Uint8Array.of(1, 0, 0, 1) },
  { name: 'a/scalar', shape: [], dtype: 'float32', values: Float32Array.of(1.5) },
  { name: 'a/zeros', shape: [3], dtype: 'float32', values: Float32Array.of(0, -0, 0) },
  {
    name: 'a/repeated',
    shape: [2, 300],
    dtype: 'int32',
    values: new Int32Array(600).map((_, i) => (i % 5) - 2),
  },
  {
    name: 'a/depthwise',
    shape: [2, 2, 3, 2],
    dtype: 'float32',
    values: Float32Array.from({ length: 24 }, (_, i) => i - 9),
  },
  {
    name: 'a/escape',
    shape: [300],
    dtype: 'float32',
    values: new Float32Array(300).map((_, i) => Number(i < 70 || i > 298)),
  },
].map((parts) => ({ type: 'int8', channels: { stride: 1, count: 1 }, ...parts }) as Asked)

/**
 * Values that repeat, so that they deflate; noise in the low plane of float16, which is left as it
 * is.
 */
const repeated = compressedTypes.map((type): Asked => {
  const { uniform } = randomStream(8)
  const size = type === 'float16' ? 4800 : 300
  const values = Float32Array.from({ length: size }, (_, i) => {
    return ((i % 5) - 2) * (type === 'float16' ? 2 ** uniform() : 1)
  })
  return {
    name: type,
    shape: [size / 6, 6],
    dtype: 'float32',
    values,
    type,
    channels: { stride: 1, count: 6 },
  }
})

/** Texts, and a kernel that occurs three times, once in another shape. */
const kernel = (name: string, shape: number[]): Asked => ({
  ...weight('whole', 'int8'),
  ...{ name, shape },
})
const texts = ['cat', '', 'Hündchen']
const graph: Asked[] = [
  kernel('first', [40, LAST]),
  {
    ...{ name: 'names', shape: [3], dtype: 'string', type: 'int8' },
    values: Uint8Array.from(
      texts.flatMap((text) => {
        const bytes = [...new TextEncoder().encode(text)]
        return [bytes.length, 0, 0, 0, ...bytes]
      }),
    ),
    channels: { stride: 1, count: 1 },
  },
  kernel('second', [40, LAST]),
  kernel('other', [LAST, 40]),
  kernel('third', [40, LAST]),
]
const signature = { outputs: { scores: { name: 'Identity:0' } } }

async function write(
  name: string,
  weights: readonly Asked[],
  more: Partial<ModelParts> = {},
): Promise<void> {
  const url = new URL(`${name}.tfpr`, FOLDER)
  if (existsSync(url)) return
  const modelTopology = { class_name: 'Sequential', config: { name: `golden ${name} \u00b5` } }
  const userDefinedMetadata = { threshold: 0.25 }
  const all = []
  const turn = async () => {}
  for (const { type, ...one } of weights) {
    const placed = await finish(placeWeight(one), turn)
    const asked = one.dtype === 'float32' ? type : one.dtype
    all.push(await encodeWeight(placed, asked, { turn }))
  }
  writeFileSync(
    url,
    await writeContainer({ modelTopology, userDefinedMetadata, ...more }, shareSections(all), {
      task: 'write the golden file',
      turn,
    }),
  )
}

mkdirSync(FOLDER, { recursive: true })
for (const type of compressedTypes) {
  await write(
    type,
    Object.keys(PLACES).map((places) => weight(places, type)),
  )
}
await write('others', others)
await write('deflated', repeated)
await write('graph', graph, { format: 'graph-model', signature })
