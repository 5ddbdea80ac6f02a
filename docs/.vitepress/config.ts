import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { charts } from './markdown/charts.js'
import { CODE_THEME, codeColours } from './markdown/code-colours.js'
import { glossaryAnchors } from './markdown/glossary-anchors.js'
import { repositoryLinks } from './markdown/repository-links.js'
import { slugOf } from './markdown/slug-of.js'
import { themePictures } from './markdown/theme-pictures.js'
import { renderForSearch } from './search/render.js'
import {
  fuzzinessOf,
  isBeginning,
  termOfQuery,
  termsOfPage,
  weightOfPage,
  wordsOfQuery,
} from './search/terms.js'
import { apiSidebars } from './sidebars/api-sidebars.js'
import { closedGroups } from './sidebars/closed-groups.js'
import { examplePages } from './sidebars/example-pages.js'
import { guideSidebar } from './sidebars/guide-sidebar.js'

const DOCS = fileURLToPath(new URL('..', import.meta.url))
const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
/** Path of the site on its host, such as `/tfjs-prune/`. */
const BASE = process.env.SITE_BASE ?? '/'

const guide = guideSidebar(DOCS)
const examples = [
  {
    text: 'Examples',
    link: '/examples/',
    items: examplePages(REPOSITORY).map(({ name }) => ({ text: name, link: `/examples/${name}` })),
  },
]
const project = [
  {
    text: 'Project',
    items: [
      { text: 'Changelog', link: '/project/changelog' },
      { text: 'Architecture', link: '/project/architecture' },
      { text: 'Contributing', link: '/project/contributing' },
    ],
  },
]

const search: DefaultTheme.LocalSearchOptions = {
  _render: renderForSearch,
  detailedView: false,
  miniSearch: {
    options: { processTerm: termsOfPage },
    searchOptions: {
      tokenize: wordsOfQuery,
      processTerm: termOfQuery,
      boostDocument: weightOfPage,
      boost: { title: 6, titles: 2, text: 1 },
      fuzzy: fuzzinessOf,
      prefix: isBeginning,
      weights: { prefix: 0.5, fuzzy: 0.2 },
    },
  },
}

export default defineConfig({
  title: 'tfjs-prune',
  titleTemplate: ':title · tfjs-prune',
  description:
    'Prune a TensorFlow.js model by up to 98 %, with the misses of the class that matters held.',
  lang: 'en-GB',
  base: BASE,
  // The names of all pages in one file, not in each page.
  metaChunk: true,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${BASE}logo.svg` }],
    ['meta', { name: 'theme-color', content: '#0f6e6e' }],
  ],
  vite: { plugins: [closedGroups()] },
  rewrites: { 'README.md': 'guide/index.md' },
  markdown: {
    anchor: { slugify: slugOf },
    theme: CODE_THEME,
    codeTransformers: [codeColours],
    config: (md) => {
      repositoryLinks(md, DOCS)
      glossaryAnchors(md)
      themePictures(md)
      charts(md)
    },
  },
  themeConfig: {
    logo: { src: '/logo.svg', alt: '' },
    outline: [2, 3],
    externalLinkIcon: true,
    nav: [
      { text: 'Guide', link: '/guide/', activeMatch: '^/(guide/|format|glossary)' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Examples', link: '/examples/', activeMatch: '^/examples/' },
      { text: 'Demo', link: '/demo', activeMatch: '^/demo' },
      { text: 'Changelog', link: '/project/changelog', activeMatch: '^/project/' },
    ],
    sidebar: {
      '/guide/': guide,
      '/format': guide,
      '/glossary': guide,
      '/examples/': examples,
      '/project/': project,
      ...apiSidebars(DOCS),
    },
    search: { provider: 'local', options: search },
    footer: {
      message: 'Apache-2.0, as TensorFlow.js.',
      copyright:
        'The method: R. Entezari, O. Saukh, <i>Class-dependent Compression of Deep Neural Networks</i>, 2020.',
    },
  },
  transformPageData: ({ relativePath, frontmatter }) => {
    if (relativePath.startsWith('api/')) Object.assign(frontmatter, { prev: false, next: false })
    frontmatter.demo = existsSync(`${DOCS}/public/demo/index.html`)
  },
})
