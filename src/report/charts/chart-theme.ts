/** The colours of a chart. */
export interface ChartTheme {
  /** Of letters. */
  readonly ink: string
  /** Of letters that explain. */
  readonly pale: string
  /** Of lines of the grid. */
  readonly grid: string
  /**
   * Of series, from Okabe and Ito's palette and a violet: told apart by colour-blind people as well.
   */
  readonly series: readonly string[]
  /** From the least to the most of an amount. */
  readonly ramp: readonly [string, string]
}

/**
 * The colours by the page that they are for. Each differs from its page by a contrast of 3 at
 * least.
 *
 * @see Okabe, Ito: Color universal design. 2008, https://jfly.uni-koeln.de/color/
 */
export const themes: Readonly<Record<'light' | 'dark', ChartTheme>> = {
  light: {
    ink: '#1f2328',
    pale: '#57606a',
    grid: '#d8dee4',
    series: ['#0072b2', '#d55e00', '#007d5b', '#a8528a', '#000000', '#7a5c00', '#5b3fd6'],
    ramp: ['#e3eef9', '#08519c'],
  },
  dark: {
    ink: '#e6edf3',
    pale: '#9ea7b3',
    grid: '#30363d',
    series: ['#56b4e9', '#e69f00', '#22b88f', '#cc79a7', '#ffffff', '#f0e442', '#8b6cff'],
    ramp: ['#16324f', '#8fd0ff'],
  },
}

/** Dashes of lines, in the order of the series. */
export const dashes: readonly (readonly number[])[] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 1],
  [1, 4],
  [12, 4],
]

/** Shapes of points, in the order of the series. */
export const shapes: readonly string[] = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
]

/** Most series that stay apart by colour, dash and shape. */
export const MOST_SERIES = 7
