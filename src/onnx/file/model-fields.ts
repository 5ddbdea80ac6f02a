/** The numbers of the fields of a model (ModelProto of onnx.proto). */
export const modelFields = {
  irVersion: 1,
  producerName: 2,
  graph: 7,
  opsetImport: 8,
  metadata: 14,
} as const
