import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const SOURCE = fileURLToPath(new URL('./src', import.meta.url))

const EXCLUDED = [...configDefaults.exclude, 'test/e2e/**', 'test/consumers/**']

// Call no tfjs, so they run once. No backend is started for them: a test that needs one fails.
const PLAIN = [
  'test/allocate/{exact-counts,globally,in-groups,lamp,proportional}.test.ts',
  'test/audit/!(audit-harm).test.ts',
  'test/certify/{certify-front,certify-scores,fixed-sequence}.test.ts',
  'test/certify/{agreement,classes,ordered,positives}/*-scores.test.ts',
  'test/contract/stopping-rule.test.ts',
  'test/experiments/report/**/*.test.ts',
  'test/files/positions/**/*.test.ts',
  'test/internal/{check-piece,option-names}.test.ts',
  'test/masks/{count-highest,decode-mask-fuzz,encode-mask,keep-highest}.test.ts',
  'test/metrics/**/*.test.ts',
  'test/schedules/**/*.test.ts',
  'test/sparse/kernels/{elementwise,moves,products}.test.ts',
  'test/sparse/module/random-networks.test.ts',
  'test/sparse/programs/**/*.test.ts',
  'test/sparse/threads/same-bits.test.ts',
  'test/stopping/!(misses-not-above).test.ts',
  'test/sweep/**/*.test.ts',
]

// Mock modules, or change kernels, gradients and kinds of layers for good: every file in a process
// of its own.
const ALONE = [
  'test/backends/wasm/{masked,register}-*.test.ts',
  'test/backends/wasm/{engine,growing-heap}.test.ts',
  'test/layer-kinds/{output-of,register-layer-kind,user-kind}.test.ts',
  'test/layers/register-layers.test.ts',
  'test/report/render-svg.test.ts',
  'test/rewind/rewinders.test.ts',
  'test/rounds/model-walks.test.ts',
  'test/sparse/kernels/memory.test.ts',
  'test/sparse/relaxed.test.ts',
  'test/updates/without-simd.test.ts',
]

// Register gradients for good on wasm: they share processes with each other alone.
const GRADIENTS = [
  'test/backends/wasm/**/*.test.ts',
  'test/{layers/{new-values,shared-gradient},masks/shared-gradient,recipe/dense-quality}.test.ts',
  'test/sparse/compile-sparse.test.ts',
  'test/sparse/training/**/*.test.ts',
  'test/statistics/{padding,recurrent-models,unusual-models}.test.ts',
  'test/training/fixed-batches.test.ts',
  'test/updates/**/*.test.ts',
]

// Test the kernels of wasm, or large models whose outputs take cpu minutes and hang on no backend.
const ON_WASM = [
  'test/backends/wasm/**/*.test.ts',
  'test/real-models/**/*.test.ts',
  'test/shrink/{inception-v3,mobilenet-v2}.test.ts',
  'test/sparse/reading/real-models.test.ts',
  'test/updates/without-simd.test.ts',
]

// Read, write, store and print models: no result hangs on how a backend computes, so they run on
// cpu alone.
const ONCE = [
  'test/{artifacts,cli,examples,onnx,report,scripts}/**/*.test.ts',
  'test/sparse/module/to-wasm.test.ts',
  'test/files/{codecs,container,disk,stock}/**/*.test.ts',
  'test/files/{broken-graphs,exact-forms,failed-saves,graph-models,long-saves}.test.ts',
  'test/files/{save-quantised,save-quantised-refusals,weights-alone}.test.ts',
  'test/files/save-compressed-random-models.test.ts',
  'test/files/measure/narrowest-random-models.test.ts',
  'test/runs/{closing,hanging,hazards,kills,lock-file,points}.test.ts',
  'test/runs/{refusals,save-rounds,stores}.test.ts',
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

const ALL = ['test/**/*.test.ts']

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
      onBackend('cpu', 'cpu', {
        include: ALL,
        exclude: [...PLAIN, ...ALONE, ...ON_WASM],
        isolate: false,
      }),
      onBackend('wasm', 'wasm', {
        include: ALL,
        exclude: [...PLAIN, ...ONCE, ...ALONE, ...GRADIENTS],
        isolate: false,
      }),
      onBackend('cpu-alone', 'cpu', { include: ALONE, exclude: ON_WASM, isolate: true }),
      onBackend('wasm-alone', 'wasm', { include: ALONE, exclude: ONCE, isolate: true }),
      onBackend('wasm-gradients', 'wasm', {
        include: GRADIENTS,
        exclude: ALONE,
        isolate: false,
      }),
    ],
  },
})
