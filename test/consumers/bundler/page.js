import { geometric } from 'tfjs-prune'
import { aucRoc } from 'tfjs-prune/metrics'

globalThis.result = [aucRoc([0, 1], [0.2, 0.8], { positiveClass: 1 }), geometric({ keep: 0.5 })(2)]
