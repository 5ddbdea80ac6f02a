// A project with the older `moduleResolution: node`: every entry point is found, with its types.
import { type Criterion, geometric, type Schedule } from 'tfjs-prune'
import { type Audit, auditHarm } from 'tfjs-prune/audit'
import { registerCpuUpdates } from 'tfjs-prune/backends/cpu'
import { registerWasmGradients } from 'tfjs-prune/backends/wasm'
import { type Certificate, certify } from 'tfjs-prune/certify'
import { compressedHandler, type ValueType } from 'tfjs-prune/files'
import { focal } from 'tfjs-prune/losses'
import { aucRoc } from 'tfjs-prune/metrics'
import { type ChartSpec, missesChart } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import { folderStore } from 'tfjs-prune/runs'
import { multiplyAdds, shrink } from 'tfjs-prune/shrink'
import { compileSparse, type SparseNetwork } from 'tfjs-prune/sparse'
import { grid, type SweepJob } from 'tfjs-prune/sweep'
import { criterionLaws } from 'tfjs-prune/testing'

const schedule: Schedule = geometric({ keep: 0.5 })
const area: number = aucRoc([0, 1], [0.2, 0.8], { positiveClass: 1 })
const mine: Criterion = ({ final }) => final
const type: ValueType = 'int8'
// @ts-expect-error the types are there: a schedule is no number
const wrong: number = geometric({ keep: 0.5 })

export type Bound = Certificate['levels']
export type Drawn = ChartSpec['usermeta']
export type Stats = SparseNetwork['stats']
export type Harmed = Audit['byClass']
export type Key = SweepJob['key']
export {
  area,
  auditHarm,
  certify,
  compileSparse,
  compressedHandler,
  criterionLaws,
  focal,
  folderStore,
  grid,
  mine,
  missesChart,
  multiplyAdds,
  registerCpuUpdates,
  registerWasmGradients,
  renderSvg,
  schedule,
  shrink,
  type,
  wrong,
}
