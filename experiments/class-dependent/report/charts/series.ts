import { themes } from '../../../../src/report/charts/chart-theme.js'
import { nameOf } from '../system-names.js'

/** Place of a system's colour in the palette; those with the name of a colour have that one. */
const PLACES: Readonly<Record<string, number>> = {
  blue: 0,
  red: 1,
  green: 2,
  recipe: 3,
  black: 4,
  LAMP: 5,
  'recipe with LAMP': 6,
  teacher: 4,
  'ends whole': 2,
}

/** Short words at the end of a line. */
const SHORT: Readonly<Record<string, string>> = {
  red: 'red (plain)',
  LAMP: 'LAMP',
  teacher: 'teacher',
  recipe: 'recipe',
  'recipe with LAMP': 'recipe, LAMP',
}

/** A colour that follows the page: dark letters on light, light ones on dark. */
export const colourOf = (system: string): string => `var(--series-${PLACES[system] ?? 6})`

export const labelOf = (system: string): string => SHORT[system] ?? nameOf(system).split(':')[0]!

const coloursOf = (theme: 'light' | 'dark') =>
  themes[theme].series.map((colour, i) => `--series-${i}:${colour}`).join(';')

/** Colours of letters, grid and lines on a light page and on a dark one. */
export const STYLE = [
  `svg{color:${themes.light.ink};font-family:system-ui,sans-serif;${coloursOf('light')}}`,
  `@media(prefers-color-scheme:dark){svg{color:${themes.dark.ink};${coloursOf('dark')}}}`,
].join('')
