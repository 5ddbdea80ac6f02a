import type { ReportOptions } from 'tfjs-prune/report'

const loadPeers = () => Promise.all([import('vega'), import('vega-lite')])

/**
 * The renderer of charts; undefined where vega and vega-lite, which it needs, are not installed.
 */
export async function chartRenderer(
  load: () => Promise<unknown> = loadPeers,
): Promise<ReportOptions['render']> {
  try {
    await load()
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
  return (await import('tfjs-prune/report/vega')).renderSvg
}
