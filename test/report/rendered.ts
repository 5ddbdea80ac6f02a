import type { ChartSpec } from 'tfjs-prune/report'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { expect } from 'vitest'

/** A mark on the screen, with its row and its place in units of the axes. */
export interface DrawnMark {
  readonly type: string
  readonly row: Readonly<Record<string, unknown>>
  readonly x: number
  readonly y: number
  readonly x2: number
  readonly y2: number
  /** Width of a line, or area of a point, in pixels. */
  readonly thickness: number | undefined
}

interface Item {
  readonly marktype?: string
  readonly role?: string
  readonly items?: readonly Item[]
  readonly datum?: Readonly<Record<string, unknown>>
  readonly x: number
  readonly y: number
  readonly x2?: number
  readonly y2?: number
  readonly width?: number
  readonly height?: number
  readonly strokeWidth?: number
  readonly size?: number
}

/** Draws a chart without a page, and gives its marks; fails at a warning, or where it is no JSON. */
export async function drawnMarks(chart: ChartSpec): Promise<DrawnMark[]> {
  expect(JSON.parse(JSON.stringify(chart))).toEqual(chart)
  const warnings: unknown[] = []
  const keep = (...args: readonly unknown[]) => {
    warnings.push(args)
    return logger
  }
  const logger: object = {
    level: keep,
    error: keep,
    warn: keep,
    info: () => logger,
    debug: () => logger,
  }
  const { spec } = compile(chart as unknown as TopLevelSpec, { logger: logger as never })
  expect(warnings).toEqual([])
  const view = await new View(parse(spec), { renderer: 'none' }).runAsync()
  const of = (name: string) => view.scale(name) as { invert?: (pixels: number) => number }
  const unit = (name: string, pixels: number) => of(name).invert?.(pixels) ?? pixels
  const root = (view.scenegraph() as unknown as { root: Item }).root
  return marksOf(root).map(({ type, item }) => ({
    ...{ type, row: item.datum ?? {} },
    ...{ x: unit('x', item.x), y: unit('y', item.y) },
    x2: unit('x', item.x2 ?? item.x + (item.width ?? 0)),
    y2: unit('y', item.y2 ?? item.y + (item.height ?? 0)),
    thickness: type === 'line' ? item.strokeWidth : item.size,
  }))
}

function marksOf(item: Item): { type: string; item: Item }[] {
  const own = item.role === 'mark' && item.marktype !== 'group'
  if (own) return (item.items ?? []).map((one) => ({ type: item.marktype!, item: one }))
  const isMarks = item.role === undefined || !/axis|legend|title/.test(item.role)
  return isMarks ? (item.items ?? []).flatMap(marksOf) : []
}
