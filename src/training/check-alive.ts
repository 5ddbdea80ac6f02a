import type { Tensor } from '@tensorflow/tfjs-core'

/** Throws where a tensor of the caller's data was disposed, `xs` or `ys` by name. */
export function checkAlive(one: Tensor, { task, name }: { task: string; name: string }): void {
  if (!one.isDisposed) return
  const wanted = `${name} that lives until the work has ended`
  throw new Error(`Cannot ${task}: expected ${wanted}, got a disposed tensor: dispose it later`)
}
