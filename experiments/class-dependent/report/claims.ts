import type { FigureName } from './figures.js'
import { PRUNED, SPARSEST } from './levels.js'
import { BASE } from './system-names.js'

/** A claim of the paper as a comparison of two systems, fixed before any row was looked at. */
export interface Claim {
  readonly text: string
  /** The paper's figure, in its words. */
  readonly paper: string
  readonly figure: FigureName
  readonly own: { readonly system: string; readonly levels: readonly number[] }
  readonly other: { readonly system: string; readonly levels: readonly number[] }
  /** The claimed side, or a difference that is at most the margin. */
  readonly wanted: 'lower' | 'higher' | 'near'
  /** Points in % by which a figure may be higher and still be near. */
  readonly margin?: number
  /** The claimed fall at some level, as a share. */
  readonly size?: number
}

const DENSE: readonly number[] = [0]
const pruned = (system: string) => ({ system, levels: PRUNED })
const sparsest = (system: string) => ({ system, levels: SPARSEST })
const dense = { system: BASE, levels: DENSE }
const higherAuc = (other: string, words: string, levels = PRUNED): Claim => ({
  text: `black has a higher AUC than ${words}`,
  paper: 'higher',
  figure: 'auc',
  own: { system: 'black', levels },
  other: { system: other, levels },
  wanted: 'higher',
})
/** The level that has about as many weights as a depthwise-separable network, 12.5 %. */
const SEPARABLE: readonly number[] = [3]

/** Points in % within which misses count as those of the dense network. */
export const MARGIN = 2

/** The claims of the paper, and beside two of them the question that it leaves open. */
export const CLAIMS: readonly Claim[] = [
  {
    text: 'green misses less than red, each at its own boundary',
    paper: 'up to 35 % less: 13 → 9 % (ISIC), 1.7 → 1.1 % (CRACK)',
    figure: 'fnr',
    own: pruned('green'),
    other: pruned(BASE),
    wanted: 'lower',
    size: 0.35,
  },
  {
    text: 'green misses less than red, both with 10 % of false alarms',
    paper: 'not looked at',
    figure: 'fnrAtFpr10',
    own: pruned('green'),
    other: pruned(BASE),
    wanted: 'lower',
  },
  higherAuc(BASE, 'red'),
  higherAuc('L-OBS', 'L-OBS'),
  higherAuc('SNIP', 'SNIP, trained again'),
  higherAuc('SNIP, not trained again', 'SNIP, not trained again'),
  higherAuc('separable', 'a depthwise-separable network of as many weights', SEPARABLE),
  {
    text: 'green at 1.56 % of the weights misses no more than the dense network, at own boundaries',
    paper: 'near, with up to 99 % fewer parameters',
    figure: 'fnr',
    own: sparsest('green'),
    other: dense,
    wanted: 'near',
    margin: MARGIN,
  },
  {
    text: 'the same, both with 10 % of false alarms',
    paper: 'not looked at',
    figure: 'fnrAtFpr10',
    own: sparsest('green'),
    other: dense,
    wanted: 'near',
    margin: MARGIN,
  },
]
