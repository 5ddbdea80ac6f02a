/**
 * Compiled networks against stock tfjs, and native onnxruntime where it is installed (`npm install
 * --no-save onnxruntime-node`): processor time of the whole call by density and batch, beside the
 * limits of the host. One run, printed; `bench/sparse-record.ts` stores several.
 */
import { report } from './support/measure.js'
import { cases } from './support/speed/cases.js'
import { oneRun } from './support/speed/one-run.js'

export async function run(): Promise<void> {
  for (const network of Object.keys(cases))
    for await (const { times, ...figure } of oneRun(network)) {
      const milliseconds = Object.entries(times).map(([side, { processor }]) => [
        side,
        processor.least,
      ])
      const ratio = times.tfjs!.processor.least / times.compiled!.processor.least
      report({
        bench: 'sparse-speed',
        network,
        ...{ milliseconds: Object.fromEntries(milliseconds), ratio },
        ...figure,
      })
    }
}
