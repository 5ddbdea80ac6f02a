import { type Judged, meanOf, runsOf } from './judged.js'

/** The mean AUC of the dense networks of a system on validation, in %; undefined without runs. */
export function denseAuc(judged: Judged, system: string): number | undefined {
  const aucs = runsOf(judged, system).map(({ levels }) => 100 * levels[0]!.validationAuc)
  return aucs.length > 0 ? meanOf(aucs) : undefined
}
