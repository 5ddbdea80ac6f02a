import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compressedTypes } from '../../../src/files/codecs/codecs.js'
import { compressedHandler } from '../../../src/files/compressed-handler.js'

const FOLDER = new URL('../../golden/container/', import.meta.url)
const VIEWS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }
const text = new TextEncoder()

/** What scripts/golden/container.py, a decoder of its own, finds in a file. */
interface Golden {
  readonly modelTopology: object
  readonly metadata: object
  readonly signature?: object
  readonly weights: readonly {
    readonly name: string
    readonly shape: readonly number[]
    readonly dtype: keyof typeof VIEWS | 'string'
    readonly form: {
      readonly positions: string
      readonly values: string
      readonly deflated?: readonly number[]
    }
    readonly values: readonly (number | string)[]
  }[]
}

const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tfpr'))
  .map((name) => name.replace('.tfpr', ''))
const golden = (name: string): Golden =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'))

/** The elements of a weight as tfjs stores them. */
function bytesOf({ dtype, values }: Golden['weights'][number]): Uint8Array {
  if (dtype !== 'string') return new Uint8Array(VIEWS[dtype].from(values as number[]).buffer)
  const parts = (values as string[]).map((value) => text.encode(value))
  return Uint8Array.from(parts.flatMap((part) => [part.length, 0, 0, 0, ...part]))
}

test.each(names)(
  'compressedHandler reads %s.tfpr as an independent decoder does, bit for bit',
  async (name) => {
    const { modelTopology, metadata, signature, weights } = golden(name)
    const artifacts = await compressedHandler(
      new Uint8Array(readFileSync(new URL(`${name}.tfpr`, FOLDER))),
    ).load!()
    expect(artifacts.modelTopology).toEqual(modelTopology)
    expect(artifacts.userDefinedMetadata).toEqual(metadata)
    expect(artifacts.signature).toEqual(signature)
    expect(artifacts.weightSpecs).toEqual(
      weights.map((weight) => ({ name: weight.name, shape: weight.shape, dtype: weight.dtype })),
    )
    const wanted = weights.map(bytesOf)
    const got = [artifacts.weightData!].flat().map((buffer) => new Uint8Array(buffer))
    expect(Buffer.compare(Buffer.concat(got), Buffer.concat(wanted))).toBe(0)
  },
)

test('the golden files hold every kind of positions, every type of values, and planes deflated in part and in full', () => {
  const forms = names.flatMap((name) => golden(name).weights.map(({ form }) => form))
  expect(new Set(forms.map(({ positions }) => positions))).toEqual(
    new Set(['all', 'bitmap', 'whole', 'rows', 'columns']),
  )
  expect(new Set(forms.map(({ values }) => values))).toEqual(
    new Set([...compressedTypes, 'int32', 'bool', 'string']),
  )
  const deflated = forms.map(({ values, deflated: planes }) => `${values} ${planes ?? 'plain'}`)
  for (const form of [
    'float32 plain',
    'float32 0,1,2,3',
    'float16 plain',
    'float16 1',
    'int8 0',
    'codebook4 0',
    'codebook8 plain',
  ]) {
    expect(deflated).toContain(form)
  }
})
