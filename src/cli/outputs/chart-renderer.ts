import type { ReportOptions } from 'tfjs-prune/report'

/**
 * The renderer of charts; undefined where vega and vega-lite, which it needs, are not installed.
 */
export async function chartRenderer(): Promise<ReportOptions['render']> {
  try {
    return (await import('tfjs-prune/report/vega')).renderSvg
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}
