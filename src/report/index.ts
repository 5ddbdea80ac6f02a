/**
 * Charts as data, and a report to send: functions of finished rounds that load nothing of
 * TensorFlow.js and of no renderer.
 *
 * @module tfjs-prune/report
 */
export type { ChartOptions } from './charts/chart-options.js'
export type { ChartSpec, ChartWords } from './charts/chart-spec.js'
export type { Charted, ChartedRun } from './charts/charted-run.js'
export { densitiesChart } from './charts/densities-chart.js'
export { type ExemplarsChartOptions, exemplarsChart } from './charts/exemplars-chart.js'
export { falseAlarmsChart } from './charts/false-alarms-chart.js'
export { harmChart } from './charts/harm-chart.js'
export {
  type LostPositivesOfRound,
  lostPositivesByRound,
} from './charts/lost-positives-by-round.js'
export {
  type LostPositivesChartOptions,
  lostPositivesChart,
} from './charts/lost-positives-chart.js'
export { maskChart } from './charts/mask-chart.js'
export { type MissesChartOptions, missesChart } from './charts/misses-chart.js'
export { precisionRecallChart } from './charts/precision-recall-chart.js'
export { rocChart } from './charts/roc-chart.js'
export type { PixelImages, SampleImages } from './charts/sample-images.js'
export { scoreHistogramsChart } from './charts/score-histograms-chart.js'
export { type ChartedSizes, sizesChart } from './charts/sizes-chart.js'
export { reportHtml } from './page/report-html.js'
export type { ReportOptions } from './page/report-options.js'
export type { ReportedRun } from './page/reported-run.js'
