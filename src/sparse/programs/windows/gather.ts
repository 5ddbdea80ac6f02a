import type { Builder } from '../layout/builder.js'
import { callsOf, type Multiplication, multiplication, offsetsOf, pick } from './multiply.js'

interface Gathering extends Multiplication {
  readonly of: 'maximum' | 'average'
}

/** The largest of the places of each row, or the sum of each times its value. */
export function emitGather(builder: Builder, { of, ...gathering }: Gathering): void {
  if (of === 'average') {
    const make = multiplication(builder, gathering)
    builder.emit(() => make())
    return
  }
  const { constants, kernels, lanes } = builder
  const { matrix, outRow } = gathering
  const columns = offsetsOf(matrix.columns, (column) => gathering.offsetOf(column) * lanes * 4)
  const places = {
    ...{ outRow, rows: matrix.rows, starts: constants.place(matrix.starts) },
    offsets: constants.place(pick(columns, matrix.indices)),
  }
  builder.emit(callsOf(kernels.maximum, gathering, places))
}
