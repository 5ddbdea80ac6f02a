/** One of the axes that operands are run over, and which operands have values along it. */
interface Axis {
  readonly length: number
  readonly varies: readonly boolean[]
}

/** How far apart the values of each operand lie, in values. */
export type Steps = readonly number[]

/**
 * Operands of which values are repeated, as matrices: of each, one value serves a row or each
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
export function gridOf(shapes: readonly (readonly number[])[]): Grid {
  const one: Axis = { length: 1, varies: shapes.map(() => true) }
  const [inner = one, outer = one, ...others] = axesOf(shapes)
  let sizes = shapes.map(() => 1)
  const stepsAlong = ({ length, varies }: Axis): Steps => {
    const steps = sizes.map((size, i) => (varies[i] ? size : 0))
    sizes = sizes.map((size, i) => (varies[i] ? size * length : size))
    return steps
  }
  const [column, row] = [stepsAlong(inner), stepsAlong(outer)]
  let starts: readonly Steps[] = [shapes.map(() => 0)]
  for (const axis of others) {
    const steps = stepsAlong(axis)
    starts = Array.from({ length: axis.length }, (_, n) =>
      starts.map((start) => start.map((from, i) => from + n * steps[i]!)),
    ).flat()
  }
  return { rows: outer.length, columns: inner.length, column, row, starts }
}

/** From the last to the first, those along which the same operands have values as one. */
function axesOf(shapes: readonly (readonly number[])[]): Axis[] {
  const axes: Axis[] = []
  for (let i = 1; i <= Math.max(...shapes.map((shape) => shape.length)); i++) {
    const lengths = shapes.map((shape) => shape.at(-i) ?? 1)
    const axis = { length: Math.max(...lengths), varies: lengths.map((length) => length > 1) }
    if (axis.length === 1) continue
    const last = axes.at(-1)
    const joins = last?.varies.every((varies, each) => varies === axis.varies[each])
    if (joins) axes.pop()
    axes.push(joins ? { ...axis, length: axis.length * last!.length } : axis)
  }
  return axes
}
