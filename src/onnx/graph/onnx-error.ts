/** The task in all errors of this folder. */
export const task = 'write ONNX'

/** The error of a model that cannot be said in ONNX. */
export function onnxError(wanted: string, got: unknown): RangeError {
  return new RangeError(`Cannot ${task}: expected ${wanted}, got ${String(got)}`)
}

/** The error of a layer that ONNX has no words for; `remedy` tells the way on. */
export function cannotSay(
  { path, className }: { readonly path: string; readonly className: string },
  reason: string,
  remedy?: string,
): RangeError {
  const rest = remedy === undefined ? '' : `; ${remedy}`
  return onnxError(
    'layers that ONNX has operations for',
    `${path} (${className}): ${reason}${rest}`,
  )
}
