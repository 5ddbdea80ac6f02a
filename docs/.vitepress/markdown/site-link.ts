import { posix } from 'node:path'

/** Pages of the site that show files outside `docs/`, by their path in the repository. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'README.md': '/',
  'ARCHITECTURE.md': '/project/architecture.md',
  'CHANGELOG.md': '/project/changelog.md',
  'CONTRIBUTING.md': '/project/contributing.md',
  'docs/README.md': '/guide/',
  'scripts/golden/container.py': '/examples/container-decoder.md',
}

/**
 * The place on the site that a relative link of a page leads to.
 *
 * Pages are written for the repository, where a link is a path. The site holds `docs/`, the
 * examples and the pages of the project.
 *
 * @param target The link as the page has it.
 * @param page Path of the page in the repository.
 * @returns A link from the root of the site; the target itself where it leads elsewhere on the web
 *   or into the same page; undefined where the site has no such page.
 */
export function siteLink(target: string, page: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(target)) return target
  const [, path = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(target)!
  const file = posix.join(posix.dirname(page), path)
  const place = ELSEWHERE[file] ?? placeOf(file)
  return place === undefined ? undefined : place + hash
}

function placeOf(file: string): string | undefined {
  const [, inDocs] = /^docs\/(.+)$/.exec(file) ?? []
  if (inDocs !== undefined) return inDocs.startsWith('..') ? undefined : `/${inDocs}`
  const [, example] = /^examples\/([\w-]+)(\.ts)?\/?$/.exec(file) ?? []
  return example === undefined ? undefined : `/examples/${example}.md`
}
