/** Runs in the browser: the component of pruning.tsx on a page. */
import '@tensorflow/tfjs-backend-cpu'
import { train } from '@tensorflow/tfjs-core'
import { createRoot } from 'react-dom/client'
import { evaluateOn, fit } from 'tfjs-prune'
import { Pruning } from './pruning.js'
import { labelled, smallModel } from './samples.js'

const optimizer = () => train.momentum(0.01, 0.9)
createRoot(document.querySelector('#root')!).render(
  <Pruning
    model={smallModel()}
    train={fit(labelled(400, 1), { optimizer, epochs: 5, clipNorm: 5, seed: 1 })}
    evaluate={evaluateOn(labelled(200, 2), { positiveClass: 1 })}
  />,
)
