/**
 * Plugin of typedoc: writes `sidebar.json` beside the pages. It lists the entry points with their
 * categories and the values in them; a value that an entry point hands on links to its own page.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ReflectionKind } from 'typedoc'

const VALUES = ReflectionKind.Function | ReflectionKind.Class | ReflectionKind.Variable

/** Registers the plugin; typedoc calls it. */
export function load(app) {
  app.renderer.postRenderAsyncJobs.push(async ({ project, outputDirectory }) => {
    const { router } = app.renderer
    const linkTo = (model) => `/api/${router.getFullUrl(model).replace(/index\.md$/, '')}`
    const modules = project.getReflectionsByKind(ReflectionKind.Module)
    const entries = modules
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((entry) => ({
        name: entry.name,
        link: linkTo(entry),
        categories: entry.categories.map((category) => categoryOf(category, linkTo)),
      }))
    writeFileSync(join(outputDirectory, 'sidebar.json'), `${JSON.stringify(entries, null, 1)}\n`)
  })
}

function categoryOf({ title, children }, linkTo) {
  const members = children
    .map((child) => (child.isReference() ? child.getTargetReflectionDeep() : child))
    .filter((member) => member.kindOf(VALUES))
    .map((member) => ({ name: member.name, link: linkTo(member) }))
  return { title, members }
}
