import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { passing } from '../../src/layer-kinds/passing.js'
import { stockKinds } from '../../src/layer-kinds/stock-kinds.js'

/** Names that tfjs itself asks for, by file. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Operations of TensorFlow have the names of the layers that are made of them.
  'artifacts/operation-roles.ts': ['Conv1D', 'Conv2D', 'Conv3D'],
  'artifacts/graph-roles.ts': ['Reshape'],
  // The config of this layer holds the shape of its outputs.
  'shrink/channel-groups.ts': ['Reshape'],
  'shrink/cut-layers.ts': ['Reshape'],
  // The moments of this layer are computed anew, as tfjs computes them.
  'training/batch-norm-moments.ts': ['BatchNormalization'],
  'training/re-estimate-batch-norm.ts': ['BatchNormalization', 'moving_mean'],
}

const kinds = [...stockKinds, ...passing]
const roles = kinds.flatMap(({ weights }) => Object.keys(weights))
const names = new Set([
  // These two tell what the outputs of a model are, which is not a matter of kinds.
  ...kinds.map(({ className }) => className).filter((name) => !/^(Softmax|Activation)$/.test(name)),
  ...roles.filter((role) => role.includes('_')),
])

/** Names of layer classes and of their weights in the code of a source file, comments aside. */
function namesIn(file: string): string[] {
  const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  const texts = code.match(/'[^'\n]*'|`[^`]*`|\/[^/\n]+\/[a-z]*/g) ?? []
  const words = texts.flatMap((text) => text.match(/\w+/g) ?? [])
  return [...new Set(words.filter((word) => names.has(word)))].sort()
}

// Layers are run, and written as ONNX, by what Keras JSON says of them, which is not a matter of
// kinds either. Operations of ONNX have names of layers, too.
const isReader = (file: string) =>
  /^(sparse\/(layers|reading|training\/reading)|onnx\/(layers|passes))\//.test(file)

test('names of layer classes stand in src/layer-kinds and the readers of networks alone', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => !/^(layer-kinds|testing|backends)\//.test(file) && !isReader(file))
    .sort()
  const found = files
    .map((file) => [file, namesIn(join('src', file))] as const)
    .filter(([, words]) => words.length > 0)
  expect(Object.fromEntries(found)).toEqual(ALLOWED)
})

test('names of layer classes are found where they stand', () => {
  expect(namesIn('src/layer-kinds/transposed-convolution.ts')).toEqual([
    'Conv2DTranspose',
    'Conv3DTranspose',
  ])
  expect(namesIn('src/layer-kinds/batch-normalization.ts')).toEqual(['BatchNormalization'])
})

test('registering a stock class is one file and one line: nothing else of src names it', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('testing/') && !isReader(file))
    .map((file) => [file, readFileSync(join('src', file), 'utf8')] as const)
  const naming = (word: string) =>
    sources
      .filter(([, text]) => new RegExp(`\\b${word}\\b`).test(text.replace(/\/\*[\s\S]*?\*\//g, '')))
      .map(([file]) => file)
  expect(naming('depthwise_kernel')).toEqual([
    'layer-kinds/depthwise-convolution.ts',
    'layer-kinds/separable-convolution.ts',
  ])
  expect(naming('embedding')).toEqual(['layer-kinds/embedding.ts', 'layer-kinds/stock-kinds.ts'])
})
