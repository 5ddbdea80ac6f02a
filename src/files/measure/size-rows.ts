import { compressedTypes } from '../codecs/codecs.js'
import type { PackedWeight } from '../container/pack-model.js'
import type { CompressedType, QuantisedType } from '../model/value-type.js'
import type { FormName } from './measure-form.js'
import { boundOf, type MeasuredForm } from './measure-form.js'

/** The bytes of a weight in each form of file. */
export interface WeightSize {
  /** Layer path and role. */
  readonly name: string
  readonly shape: readonly number[]
  /** Number of elements. */
  readonly size: number
  /** Elements that are not 0. */
  readonly kept: number
  /** kept / size. */
  readonly density: number
  /** Without those that cannot hold the model. */
  readonly stock: Readonly<Partial<Record<'float32' | QuantisedType, number>>>
  readonly container: Readonly<Partial<Record<CompressedType, number>>>
  /**
   * The type that its values take in the container of each type: that type, or one that loses
   * nothing and is shorter. Empty for weights of whole numbers and flags.
   */
  readonly takes: Readonly<Partial<Record<CompressedType, CompressedType>>>
  /** The entropy bound for the values of the container. */
  readonly bound: Readonly<Record<CompressedType, number>>
}

/** A row for each weight, in the order of the model. */
export function weightSizes(
  weights: readonly PackedWeight[],
  forms: readonly MeasuredForm[],
): WeightSize[] {
  return weights.map((weight, index) => {
    const { name, shape, size, kept } = weight
    const bound = compressedTypes.map((type) => [type, boundOf(weight, type)])
    return {
      name,
      shape: [...shape],
      size,
      kept,
      density: shareOf(kept, size),
      stock: bytesIn('stock', index, forms),
      container: bytesIn('container', index, forms),
      takes: weight.dtype === 'float32' ? typesTaken(index, forms) : {},
      bound: Object.fromEntries(bound) as WeightSize['bound'],
    }
  })
}

/** Bytes of a weight by type, in one kind of file. */
function bytesIn(file: FormName['file'], index: number, forms: readonly MeasuredForm[]) {
  const rows = forms.filter(({ row }) => row.file === file)
  return Object.fromEntries(rows.map(({ row, bytes }) => [row.type, bytes[index]!]))
}

/** The type that a weight took, by the type of the container. */
function typesTaken(index: number, forms: readonly MeasuredForm[]): WeightSize['takes'] {
  const rows = forms.flatMap(({ row, types }) => (types ? [[row.type, types[index]!]] : []))
  return Object.fromEntries(rows)
}

/** A part of a whole; 1 where there is no whole. */
export function shareOf(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole
}
