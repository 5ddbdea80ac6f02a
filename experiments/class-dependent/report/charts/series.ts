import { themes } from '../../../../src/report/charts/chart-theme.js'

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
const colourAt = (place: number): string => `var(--series-${place})`

/** The colours of the systems of a chart, each with one of its own as long as there are some. */
export function coloursOf(systems: readonly string[]): Map<string, string> {
  const places = new Map<string, number>()
  const all = themes.light.series.map((_, place) => place)
  const isFree = (place: number) => ![...places.values()].includes(place)
  for (const system of systems.filter((one) => FIRST.includes(one)))
    places.set(system, PLACES[system]!)
  for (const system of systems.filter((one) => !FIRST.includes(one))) {
    const wanted = PLACES[system] ?? 6
    places.set(system, [wanted, ...all].find(isFree) ?? wanted)
  }
  return new Map([...places].map(([system, place]) => [system, colourAt(place)]))
}

/** Systems whose colours no other one takes. */
const FIRST = ['red', 'blue', 'green', 'black', 'recipe', 'LAMP', 'recipe with LAMP']

const VARIABLE = /^var\(--series-(?<place>\d)\)$/

/**
 * Puts the colours of a light page into the attributes of an element, and those that follow the
 * page into its style: programs that know no variables of CSS read the attributes.
 */
export function withPlainColours(element: Element): void {
  for (const name of ['fill', 'stroke']) {
    const value = element.getAttribute(name) ?? ''
    const place = VARIABLE.exec(value)?.groups?.place
    if (place === undefined) continue
    element.setAttribute(name, themes.light.series[Number(place)]!)
    const before = element.getAttribute('style')
    element.setAttribute('style', `${before ? `${before};` : ''}${name}:${value}`)
  }
}

/** The colour of letters and of the grid on a light page. */
export const INK = themes.light.ink

export const labelOf = (system: string): string => SHORT[system] ?? system

const seriesOf = (theme: 'light' | 'dark') =>
  themes[theme].series.map((colour, i) => `--series-${i}:${colour}`).join(';')

/** Colours of letters, grid and lines on a light page and on a dark one. */
export const STYLE = [
  `svg{color:${themes.light.ink};font-family:system-ui,sans-serif;${seriesOf('light')}}`,
  `@media(prefers-color-scheme:dark){svg{color:${themes.dark.ink};${seriesOf('dark')}}}`,
].join('')
