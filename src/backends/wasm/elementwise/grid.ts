/** One of the axes that two operands are run over; true where an operand has values along it. */
interface Axis {
  readonly length: number
  readonly a: boolean
  readonly b: boolean
}

/** How far apart the values of the two operands lie, in values. */
export interface Steps {
  readonly a: number
  readonly b: number
}

/**
 * Two operands of which values are repeated, as matrices: of each, one value serves a row or each
 * column has its own, and rows and matrices lie some values apart or are the same.
 */
export interface Grid {
  readonly rows: number
  readonly columns: number
  /** 1, or 0 where one value serves a row. */
  readonly column: Steps
  readonly row: Steps
  /** Where the matrices begin. */
  readonly starts: readonly Steps[]
}

/** Sees operands of shapes that fit together as matrices, of as few rows as there can be. */
export function gridOf(aShape: readonly number[], bShape: readonly number[]): Grid {
  const axes = axesOf(aShape, bShape)
  const one: Axis = { length: 1, a: true, b: true }
  const [inner = one, outer = one, ...others] = axes
  const column = { a: Number(inner.a), b: Number(inner.b) }
  const size = { a: inner.a ? inner.length : 1, b: inner.b ? inner.length : 1 }
  const row = { a: outer.a ? size.a : 0, b: outer.b ? size.b : 0 }
  let next = {
    a: outer.a ? size.a * outer.length : size.a,
    b: outer.b ? size.b * outer.length : size.b,
  }
  let starts: readonly Steps[] = [{ a: 0, b: 0 }]
  for (const { length, a, b } of others) {
    const { a: aStep, b: bStep } = next
    starts = Array.from({ length }, (_, i) =>
      starts.map((start) => ({
        a: start.a + (a ? i * aStep : 0),
        b: start.b + (b ? i * bStep : 0),
      })),
    ).flat()
    next = { a: a ? aStep * length : aStep, b: b ? bStep * length : bStep }
  }
  return { rows: outer.length, columns: inner.length, column, row, starts }
}

/** From the last to the first, those along which the same operands have values as one. */
function axesOf(aShape: readonly number[], bShape: readonly number[]): Axis[] {
  const axes: Axis[] = []
  for (let i = 1; i <= Math.max(aShape.length, bShape.length); i++) {
    const [aLength, bLength] = [aShape.at(-i) ?? 1, bShape.at(-i) ?? 1]
    const axis = { length: Math.max(aLength, bLength), a: aLength > 1, b: bLength > 1 }
    if (axis.length === 1) continue
    const last = axes.at(-1)
    const joins = last !== undefined && last.a === axis.a && last.b === axis.b
    if (joins) axes.pop()
    axes.push(joins ? { ...axis, length: axis.length * last.length } : axis)
  }
  return axes
}
