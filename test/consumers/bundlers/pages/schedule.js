import { geometric } from 'tfjs-prune'

globalThis.result = geometric({ keep: 0.5 })(2)
