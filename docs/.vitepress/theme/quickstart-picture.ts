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
    { class: 'quickstart-picture' },
    (['light', 'dark'] as const).filter(addressOf).map((theme) =>
      h('img', {
        src: addressOf(theme),
        class: `only-${theme}`,
        loading: 'lazy',
        alt: 'Missed tumours and weights left, level by level, in the run of the quickstart',
      }),
    ),
  )
