/** Classes of tfjs that run there and obey no mask. */
const STOCK = new Set([
  'Conv3D',
  'Conv3DTranspose',
  'MaxPooling3D',
  'AveragePooling3D',
  'Dot',
  'Embedding',
  'Masking',
  'CategoryEncoding',
  'RandomHeight',
  'RandomWidth',
  'Resizing',
  'CenterCrop',
])

/** Whether a class that has no reader is one of tfjs that obeys no mask. */
export function isStockClass(className: string): boolean {
  return STOCK.has(className)
}
