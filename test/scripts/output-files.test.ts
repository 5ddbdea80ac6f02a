import { expect, test } from 'vitest'
import { outputFiles } from '../../scripts/output-files.js'

const [CORE, LAYERS] = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']

const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  index: ['geometric', 'magnitude', 'masks'],
  'metrics/index': ['auc', 'ranks'],
  'files/index': ['save', 'ranks'],
  geometric: ['check'],
  check: [],
  magnitude: [CORE!],
  masks: ['magnitude', LAYERS!],
  auc: ['check'],
  ranks: [],
  save: ['masks'],
}
const fileOf = outputFiles({
  entries: new Map([
    ['index', '.'],
    ['metrics/index', './metrics'],
    ['files/index', './files'],
  ]),
  importsOf: (module) => IMPORTS[module] ?? [],
})

test('outputFiles groups by what a module loads, itself or through another', () => {
  expect(['geometric', 'magnitude', 'masks', 'save'].map(fileOf)).toEqual([
    'run',
    'run-core',
    'run-layers',
    'files-layers',
  ])
})

test('outputFiles gives a module to the run, to its one entry point, or to those that share it', () => {
  expect(['check', 'auc', 'ranks'].map(fileOf)).toEqual(['run', 'metrics', 'shared'])
})

test('outputFiles leaves entry points to themselves and knows nothing of others', () => {
  expect(['index', 'metrics/index', 'elsewhere'].map(fileOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ])
})
