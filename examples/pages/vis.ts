/** Runs in the browser: tfjs-vis draws the training of each round. */
import '@tensorflow/tfjs-backend-cpu'
import { train } from '@tensorflow/tfjs-core'
import { render, show } from '@tensorflow/tfjs-vis'
import { evaluateOn, fit, pruningRounds } from 'tfjs-prune'
import { labelled, smallModel } from './samples.js'

const find = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!
const optimizer = () => train.momentum(0.01, 0.9)
const callbacks = show.fitCallbacks(find('losses'), ['loss'])
const rounds = pruningRounds(smallModel(), {
  train: fit(labelled(400, 1), { optimizer, epochs: 5, clipNorm: 5, seed: 1, callbacks }),
  evaluate: evaluateOn(labelled(200, 2), { positiveClass: 1 }),
})

const misses: { x: number; y: number }[] = []
for await (const { round, density, evaluation } of rounds) {
  misses.push({ x: round, y: evaluation.confusion.falseNegatives })
  const axes = { xLabel: 'level', yLabel: 'misses' }
  await render.linechart(find('misses'), { values: [misses], series: ['misses'] }, axes)
  find('state').textContent = `${(100 * density).toFixed(1)} % of the weights are left`
}
find('state').textContent = 'Done'
