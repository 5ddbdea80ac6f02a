import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { TrainingContext } from 'tfjs-prune'

/** The context of a dense round that nobody listens to; `parts` replaces what it names. */
export function contextOf(
  model: LayersModel,
  parts: Partial<TrainingContext> = {},
): TrainingContext {
  return {
    model,
    round: 0,
    density: 1,
    hold: (optimizer) => optimizer,
    resumeAt: { epoch: 0, step: 0, batch: 0 },
    learningRate: 'rewound',
    dataOrder: 'rewound',
    checkpoint: async () => {},
    restoreOptimizer: async () => {},
    keepOptimizer: async () => {},
    progress: () => {},
    signal: undefined,
    ...parts,
  }
}
