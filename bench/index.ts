// npm run bench [auc augment batch-norm certificate certify-classes container criteria
// frame-gaps graph-models group-budgets import-time intervals kills masked-step obs onnx page queue-kills
// recurrent selection shrink sparse-differences sparse-evaluate sparse-kernels sparse-programs
// sparse-speed sparse-threads sparse-training step stored-bytes sweep training updates
// wasm-files]:
// one JSON line a figure, with the ratio to a baseline of the same run.

import { run as auc } from './auc.js'
import { run as augment } from './augment.js'
import { run as batchNorm } from './batch-norm.js'
import { run as certificate } from './certificate.js'
import { run as certifyClasses } from './certify-classes.js'
import { run as container } from './container.js'
import { run as criteria } from './criteria.js'
import { run as frameGaps } from './frame-gaps.js'
import { run as graphModels } from './graph-models.js'
import { run as groupBudgets } from './group-budgets.js'
import { run as importTime } from './import-time.js'
import { run as intervals } from './intervals.js'
import { run as kills } from './kills.js'
import { run as maskedStep } from './masked-step.js'
import { run as obs } from './obs.js'
import { run as onnx } from './onnx.js'
import { run as page } from './page.js'
import { run as queueKills } from './queue-kills.js'
import { run as recurrent } from './recurrent.js'
import { run as selection } from './selection.js'
import { run as shrink } from './shrink.js'
import { run as sparseDifferences } from './sparse-differences.js'
import { run as sparseEvaluate } from './sparse-evaluate.js'
import { run as sparseKernels } from './sparse-kernels.js'
import { run as sparsePrograms } from './sparse-programs.js'
import { run as sparseSpeed } from './sparse-speed.js'
import { run as sparseThreads } from './sparse-threads.js'
import { run as sparseTraining } from './sparse-training.js'
import { run as step } from './step.js'
import { run as storedBytes } from './stored-bytes.js'
import { run as sweep } from './sweep.js'
import { run as training } from './training.js'
import { run as updates } from './updates.js'
import { run as wasmFiles } from './wasm-files.js'

const benches: Readonly<Record<string, () => Promise<void>>> = {
  auc,
  augment,
  'batch-norm': batchNorm,
  certificate,
  'certify-classes': certifyClasses,
  container,
  criteria,
  'frame-gaps': frameGaps,
  'graph-models': graphModels,
  'group-budgets': groupBudgets,
  'import-time': importTime,
  intervals,
  kills,
  'masked-step': maskedStep,
  obs,
  onnx,
  page,
  'queue-kills': queueKills,
  recurrent,
  selection,
  shrink,
  'sparse-differences': sparseDifferences,
  'sparse-evaluate': sparseEvaluate,
  'sparse-kernels': sparseKernels,
  'sparse-programs': sparsePrograms,
  'sparse-speed': sparseSpeed,
  'sparse-threads': sparseThreads,
  'sparse-training': sparseTraining,
  step,
  'stored-bytes': storedBytes,
  sweep,
  training,
  updates,
  'wasm-files': wasmFiles,
}
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const bench = benches[name]
  if (!bench) throw new Error(`Expected one of ${Object.keys(benches).join(', ')}, got ${name}`)
  await bench()
}
