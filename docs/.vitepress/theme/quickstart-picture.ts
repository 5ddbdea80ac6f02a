/// <reference types="vite/client" />
import { type FunctionalComponent, h } from 'vue'

const files = import.meta.glob<string>('../../quickstart-*.svg', {
  eager: true,
  query: '?url',
  import: 'default',
})
const addressOf = (theme: 'light' | 'dark') => files[`../../quickstart-${theme}.svg`]

/** The picture that the README begins with, in the theme of the reader. */
export const QuickstartPicture: FunctionalComponent = () =>
  h(
    'figure',
    // It scrolls sideways where it would be too small to read.
    { class: 'quickstart-picture', tabindex: 0 },
    (['light', 'dark'] as const).filter(addressOf).map((theme) =>
      h('img', {
        src: addressOf(theme),
        class: `only-${theme}`,
        loading: 'lazy',
        width: 672,
        height: 390,
        alt: '40,704 weights fall to 636, missed tumours from 6 to 1 of 53',
      }),
    ),
  )
