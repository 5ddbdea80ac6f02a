import { engine } from '@tensorflow/tfjs-core'

/**
 * Frees the tensors that tfjs keeps for a backward pass that will not come. It does so itself at
 * the end of a gradient, but not when the function inside throws: no `tidy` reaches tensors that
 * the tape keeps.
 */
export function releaseTape(): void {
  const { state } = engine()
  // Within another gradient the tape is still in use.
  if (state.gradientDepth > 0) return
  for (const { saved = [] } of state.activeTape ?? []) {
    for (const tensor of saved) if (!tensor.isDisposed) tensor.dispose()
  }
  state.activeTape = []
}
