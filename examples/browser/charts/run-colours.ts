import type { LossName } from '../shared/contract.js'

type Theme = 'light' | 'dark'

/** A run is drawn in the colour that it is called by, as far as the page lets one see it. */
const COLOURS: Readonly<Record<Theme, Record<LossName, string>>> = {
  light: { red: '#c8321a', black: '#1f2328' },
  dark: { red: '#ff8a70', black: '#e6edf3' },
}

/** The colours of runs, in their order. */
export const coloursOf = (losses: readonly LossName[], theme: Theme): string[] =>
  losses.map((loss) => COLOURS[theme][loss])

interface Coloured {
  readonly encoding?: { readonly color?: { readonly scale?: object } }
}

/** A chart of `tfjs-prune/report` with these colours: it is plain data, so that one may change it. */
export function recoloured<T extends object>(spec: T, range: readonly string[]): T {
  const { encoding = {} } = spec as Coloured
  const color = { ...encoding.color, scale: { ...encoding.color?.scale, range } }
  return { ...spec, encoding: { ...encoding, color } }
}
