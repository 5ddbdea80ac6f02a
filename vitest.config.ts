import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const SOURCE = fileURLToPath(new URL('./src', import.meta.url))

const EXCLUDED = [...configDefaults.exclude, 'test/e2e/**', 'test/consumers/**']

// Call no tfjs, so they run once. No backend is started for them: a test that needs one fails.
const PLAIN = [
  'test/certify/{agreement,classes,ordered,positives}/*-scores.test.ts',
  'test/audit/!(audit-harm).test.ts',
  'test/experiments/report/**/*.test.ts',
  'test/files/positions/**/*.test.ts',
  'test/metrics/**/*.test.ts',
  'test/schedules/**/*.test.ts',
  'test/sparse/kernels/{elementwise,moves,products}.test.ts',
  'test/sparse/programs/{constants,memory-and-errors,plan-buffers,program}.test.ts',
  'test/sparse/programs/{same-bits,side-by-side}.test.ts',
  'test/stopping/!(misses-not-above).test.ts',
  'test/sweep/**/*.test.ts',
]

// Register nothing for good and mock no module, so the files of a worker share one import of tfjs.
const SHARED = [
  'allocate',
  'artifacts',
  'certify',
  'criteria',
  'data',
  'examples',
  'files/codecs',
  'files/disk',
  'files/measure',
  'files/stock',
  'granularity',
  'internal',
  'losses',
  'onnx',
  'properties',
  'prune',
  'repair',
  'report',
  'rewind',
  'runs',
  'select',
  'sparse/layers',
  'sparse/passes',
  'sparse/programs',
  'sparse/sources',
  'step',
  'teach',
  'tuning',
].map((folder) => `test/${folder}/**/*.test.ts`)

// Read, write, store and print models: no result hangs on how a backend computes, so they run on
// cpu alone.
const ONCE = [
  'test/{artifacts,cli,examples,onnx,report,scripts}/**/*.test.ts',
  'test/files/{codecs,container,disk,stock}/**/*.test.ts',
  'test/files/{broken-graphs,exact-forms,failed-saves,graph-models,long-saves}.test.ts',
  'test/files/{save-quantised,save-quantised-refusals,weights-alone}.test.ts',
  'test/files/save-compressed-random-models.test.ts',
  'test/files/measure/narrowest-random-models.test.ts',
  'test/real-models/graph-models.test.ts',
  'test/runs/{closing,hazards,kills,lock-file,refusals,save-rounds}.test.ts',
]

interface Runs {
  readonly include: readonly string[]
  readonly exclude?: readonly string[]
  readonly isolate: boolean
}

// TFJS_BACKEND tells test/setup.ts which backend to start.
const onBackend = (name: string, backend: 'cpu' | 'wasm' | 'none', runs: Runs) => ({
  extends: true as const,
  test: {
    name,
    env: { TFJS_BACKEND: backend },
    include: [...runs.include],
    exclude: [...EXCLUDED, ...(runs.exclude ?? [])],
    isolate: runs.isolate,
  },
})

// All other tests: every file in a process of its own.
const ALONE = ['test/**/*.test.ts']

const shared = { include: SHARED, exclude: PLAIN, isolate: false }
const alone = { include: ALONE, exclude: [...PLAIN, ...SHARED], isolate: true }
const without = (runs: Runs, exclude: readonly string[]): Runs => ({
  ...runs,
  exclude: [...(runs.exclude ?? []), ...exclude],
})

export default defineConfig({
  resolve: {
    alias: [
      { find: /^tfjs-prune$/, replacement: `${SOURCE}/index.ts` },
      { find: /^tfjs-prune\/(.+)$/, replacement: `${SOURCE}/$1/index.ts` },
    ],
  },
  test: {
    setupFiles: ['test/setup.ts'],
    // For tests that hang: a busy machine takes its time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
    projects: [
      onBackend('plain', 'none', { include: PLAIN, isolate: false }),
      onBackend('cpu-shared', 'cpu', shared),
      onBackend('wasm-shared', 'wasm', without(shared, ONCE)),
      onBackend('cpu', 'cpu', alone),
      onBackend('wasm', 'wasm', without(alone, ONCE)),
    ],
  },
})
