import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FILES = new URL('../../../src/files/', import.meta.url).pathname
const NAME = /\b(codebook\d?|int8|float16|uint8|uint16)\b/

/** Code without comments. */
const codeOf = (path: string) =>
  readFileSync(join(FILES, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')

test('the name of a value type stands in the union, the list of codecs and its own codec', () => {
  const paths = readdirSync(FILES, { recursive: true, encoding: 'utf8' })
  const spelling = paths.filter((path) => path.endsWith('.ts') && NAME.test(codeOf(path)))
  expect(spelling.sort()).toEqual([
    'codecs/codebook.ts',
    'codecs/codecs.ts',
    'codecs/encoders.ts',
    'codecs/exact-types.ts', // imports those that may stand for float32
    'codecs/float16.ts',
    'codecs/int8.ts',
    'measure/narrowest-options.ts', // the default of its option `types`
    'model/value-type.ts',
    'stock/stock-codecs.ts',
  ])
})
