/** The error of bytes that are no ONNX file. */
export function onnxFileError(task: string, got: string, cause: unknown): RangeError {
  const wanted = 'expected the bytes of a whole ONNX file'
  return new RangeError(`Cannot ${task}: ${wanted}, got ${got}`, { cause })
}
