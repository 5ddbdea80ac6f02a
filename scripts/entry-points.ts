/**
 * The entry points of the package: `src/index.ts`, and `src/<name>/index.ts` for
 * `tfjs-prune/<name>`. The configurations of the tools read them here, or by the same pattern.
 */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Output path without extension (`losses/index`) to source file (`src/losses/index.ts`). */
export const entryPoints: Record<string, string> = Object.fromEntries(
  readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)index\.ts$/.test(path))
    .sort()
    .map((path) => [path.slice(0, -'.ts'.length), `src/${path}`]),
)

/** Name after `tfjs-prune` (`.`, `./losses`), as `exports` of package.json has it. */
export const subpathOf = (output: string): string =>
  output === 'index' ? '.' : `./${dirname(output)}`

/** Path of a built file of an entry point, as package.json names it. */
export const builtPath = (output: string, ending: '.js' | '.d.ts'): string =>
  `./${join('dist', output)}${ending}`
