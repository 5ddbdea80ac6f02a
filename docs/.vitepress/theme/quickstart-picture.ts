/// <reference types="vite/client" />
import { type FunctionalComponent, h } from 'vue'

const files = import.meta.glob<string>(['../../quickstart-*.svg', './pictures/quickstart-*.svg'], {
  eager: true,
  query: '?url',
  import: 'default',
})
const addressOf = (theme: 'light' | 'dark', folder = '../..') =>
  files[`${folder}/quickstart-${theme}.svg`]

/** The picture that the README begins with, in the theme of the reader; a narrow one on a phone. */
export const QuickstartPicture: FunctionalComponent = () =>
  h(
    'figure',
    { class: 'quickstart-picture' },
    (['light', 'dark'] as const)
      .filter((theme) => addressOf(theme))
      .map((theme) =>
        h('picture', { class: `only-${theme}` }, [
          h('source', { media: '(max-width: 640px)', srcset: addressOf(theme, './pictures') }),
          h('img', {
            src: addressOf(theme),
            loading: 'lazy',
            width: 672,
            height: 390,
            alt: '40,704 weights fall to 636, missed tumours from 6 to 1 of 53',
          }),
        ]),
      ),
  )
