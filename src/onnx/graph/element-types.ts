/** The numbers that ONNX has for types of elements (TensorProto.DataType of onnx.proto). */
export const elementTypes = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const
