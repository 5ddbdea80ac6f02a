/**
 * Drawing the charts of a report with Vega: the one part that needs `vega` and `vega-lite`.
 *
 * @module tfjs-prune/report/vega
 */
export { renderSvg } from './render-svg.js'
