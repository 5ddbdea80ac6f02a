import colours from 'picocolors'
import type { Colors } from 'picocolors/types'
import type { Host } from './host.js'

/** Functions that colour a text, or leave it as it is where the result may hold no colours. */
export const coloursOf = ({ hasColours }: Pick<Host, 'hasColours'>): Colors =>
  colours.createColors(hasColours)
