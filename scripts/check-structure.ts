/**
 * Proves the picture of the house in ARCHITECTURE.md: no circle, no import of a folder above, no
 * file of `internal/` with a single owner, no long line, no long file.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tree } from './structure/imports.js'
import { longCode, longProse } from './structure/long-lines.js'
import {
  circles,
  leavingImports,
  longFiles,
  singleOwners,
  upwardImports,
} from './structure/rules.js'

/** From the bottom to the top: a folder imports from those before it. */
const ORDER = [
  'contracts',
  'types.ts',
  'internal',
  'updates',
  'layer-kinds',
  'select',
  'masks',
  'artifacts',
  'schedules',
  'metrics',
  'stopping',
  'data',
  'losses',
  'training',
  'statistics',
  'granularity',
  'criteria',
  'allocate',
  'layers',
  'step',
  'gradual',
  'repair',
  'rewind',
  'rounds',
  'paper.ts',
  'recipe.ts',
  'certify',
  'certify/rates',
  'certify/classes',
  'certify/agreement',
  'certify/ordered',
  'certify/positives',
  'certify/stored',
  'audit',
  'files/model',
  'files/codecs',
  'files/positions',
  'files/stock',
  'files/disk',
  'files/container',
  'files',
  'files/measure',
  'runs',
  'sweep/tables',
  'sweep',
  'sweep/folder',
  'sweep/processes',
  'sweep/driver',
  'sweep/redis',
  'sweep/queue',
  'sparse/network',
  'sparse/kernels/code',
  'sparse/kernels',
  'sparse/threads',
  'sparse/layers',
  'sparse/passes',
  'sparse/reading',
  'sparse/sources',
  'sparse/programs/loops',
  'sparse/programs/layout',
  'sparse/programs/windows',
  'sparse/programs/elements',
  'sparse/programs/places',
  'sparse/programs',
  'sparse/module/code',
  'sparse/module',
  'sparse/training/kernels',
  'sparse/training/gradients',
  'sparse/training/updates',
  'sparse/training/reading',
  'sparse/training/programs',
  'sparse/training',
  'sparse',
  'shrink',
  'onnx/graph',
  'onnx/layers',
  'onnx/passes',
  'onnx/file',
  'onnx',
  'report/charts',
  'report/page',
  'report/vega',
  'prune.ts',
  'tuning',
  'testing',
  'backends/cpu',
  'backends/wasm/code',
  'backends/wasm/engine',
  'backends/wasm/convolution',
  'backends/wasm/elementwise',
  'backends/wasm/batch-norm',
  'backends/wasm/updates',
  'backends/wasm/kernels',
  'backends/wasm/gradients',
  'backends/wasm/masked',
  'backends/wasm/recurrent',
  'backends/wasm',
  'cli/terminal',
  'cli/models',
  'cli/outputs',
  'cli/commands',
  'cli/printers',
  'cli/program',
  'cli',
]

const MOST_LINES = 200
const LONG_FOR_A_REASON = {
  'index.ts': 'all public names of the core on one page',
}

const WIDTH = 100
const SHARE_OF_LONG_LINES = 0.005

const read = (folder: string, ending: string, recursive = true): Tree =>
  new Map(
    readdirSync(folder, { recursive, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending) && !path.startsWith('api/'))
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')]),
  )

const source = read('src', '.ts')
const pages: Tree = new Map([...read('.', '.md', false), ...read('docs', '.md')])
const problems = [
  ...circles(source),
  ...upwardImports(source, ORDER),
  ...singleOwners(source),
  ...leavingImports(source, 'cli'),
  ...longFiles(source, MOST_LINES, LONG_FOR_A_REASON),
  ...longCode(source, WIDTH, SHARE_OF_LONG_LINES),
  ...longProse(pages, WIDTH),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log(`${source.size} files keep the order of ${ORDER.length} folders`)
