import type { OptionCheck, OptionChecks } from '../../internal/check-options.js'
import { checkFlag, numberThat, oneOf } from '../../internal/option-checks.js'

/** Options that every chart has. */
export interface ChartOptions {
  /** Colours for a light or for a dark page; the background is transparent. @default 'light' */
  readonly theme?: 'light' | 'dark'
  /**
   * Width of the whole chart in pixels, at least 240, or `'container'`: that of the element around
   * it in a page. @default 360
   */
  readonly width?: number | 'container'
  /** Height of the whole chart in pixels, at least 120. @default as its marks need it */
  readonly height?: number
  /** Whether the finding and the notes stand above the chart. @default true */
  readonly titled?: boolean
}

const checkPixels = numberThat(
  'a number of pixels of at least 240',
  (width) => width >= 240 && width < 1e5,
)

const checkWidth: OptionCheck = (value, option) => {
  if (value !== 'container') checkPixels(value, option)
}

/** Checks of the options that every chart has. */
export const chartChecks: OptionChecks<ChartOptions> = {
  theme: oneOf('light', 'dark'),
  width: checkWidth,
  height: numberThat(
    'a number of pixels of at least 120',
    (height) => height >= 120 && height < 1e5,
  ),
  titled: checkFlag,
}
