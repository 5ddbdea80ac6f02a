import * as metrics from 'tfjs-prune/metrics'

globalThis.metrics = { ...metrics }
