import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const WRITTEN = 'docs/api/sidebar.json'
const SETTINGS = ['typedoc.json', 'package.json', 'scripts/docs-categories.js', 'src']

/** Whether the pages of the API are younger than all that they are made from. */
export function apiIsFresh(): boolean {
  if (!existsSync(WRITTEN)) return false
  const sources = [
    ...SETTINGS,
    ...readdirSync('src', { recursive: true, encoding: 'utf8' }).map((path) => join('src', path)),
    ...readdirSync('scripts/site').map((path) => join('scripts/site', path)),
  ]
  const written = statSync(WRITTEN).mtimeMs
  return sources.every((path) => statSync(path).mtimeMs < written)
}
