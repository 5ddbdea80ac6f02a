import { fileURLToPath } from 'node:url'
import { exampleMarkdown, examplePages } from '../.vitepress/sidebars/example-pages.js'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

export default {
  paths: () =>
    examplePages(REPOSITORY).map((page) => ({
      params: { name: page.name },
      content: exampleMarkdown(REPOSITORY, page),
    })),
}
