/**
 * Builds `dist/tfjs-prune.umd.js` for pages with script tags: all entry points in one minified
 * file, as the global `tfprune` beside the global `tf` of `tf.min.js`. The names of an entry point
 * stand in an object of its name: `tfprune.files.saveCompressed`, `tfprune.backends.wasm`.
 */

import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { type Plugin, rollup } from 'rollup'
import { entryPoints } from './entry-points.js'
import { typescript } from './typescript-plugin.js'

const FILE = 'dist/tfjs-prune.umd.js'
/** Entry points that a page with script tags has no use for. */
const LEFT_OUT = ['testing', 'report/vega', 'sweep']
const TF = { '@tensorflow/tfjs-core': 'tf', '@tensorflow/tfjs-layers': 'tf' }

/** Names below an entry point, such as `training` below `sparse`. */
interface Tree {
  /** The source file of the names here; none for a folder alone, such as `backends`. */
  source?: string
  readonly below: Map<string, Tree>
}

function treeOfEntries(): Tree {
  const root: Tree = { below: new Map() }
  for (const [output, source] of Object.entries(entryPoints)) {
    const path = output.split('/').slice(0, -1)
    if (LEFT_OUT.includes(path.join('/'))) continue
    const place = path.reduce<Tree>((tree, name) => {
      const next: Tree = tree.below.get(name) ?? { below: new Map() }
      tree.below.set(name, next)
      return next
    }, root)
    place.source = resolve(source)
  }
  return root
}

/** The module that exports all of them. */
function allEntries(): string {
  const imports: string[] = []
  const objectOf = ({ source, below }: Tree): string => {
    const own = source && `all${imports.push(source) - 1}`
    const inner = [...below].map(([name, tree]) => `${name}: ${objectOf(tree)}`)
    return below.size === 0 ? own! : `{ ${[own && `...${own}`, ...inner].filter(Boolean)} }`
  }
  const { source, below } = treeOfEntries()
  const named = [...below].map(([name, tree]) => `export const ${name} = ${objectOf(tree)}`)
  const lines = imports.map((file, i) => `import * as all${i} from ${JSON.stringify(file)}`)
  return [...lines, `export * from ${JSON.stringify(source)}`, ...named].join('\n')
}

const ENTRY = '\0all'

const entry: Plugin = {
  name: 'all-entries',
  resolveId: (specifier) => (specifier === ENTRY ? ENTRY : undefined),
  load: (id) => (id === ENTRY ? allEntries() : undefined),
}

/** Packages other than tfjs come along. */
const packages: Plugin = {
  name: 'packages',
  resolveId: (specifier) =>
    /^[\w@]/.test(specifier) && !Object.hasOwn(TF, specifier)
      ? fileURLToPath(import.meta.resolve(specifier))
      : undefined,
}

const minify: Plugin = {
  name: 'minify',
  renderChunk: async (code) => ({
    code: (await transform(code, { minify: true, target: 'es2022' })).code,
    map: null,
  }),
}

const bundle = await rollup({
  input: ENTRY,
  external: Object.keys(TF),
  plugins: [entry, typescript, packages],
  onwarn: (warning) => {
    throw new Error(`The build warns: ${warning.message}`)
  },
})
await bundle.write({
  ...{ file: FILE, format: 'umd', name: 'tfprune', globals: TF, inlineDynamicImports: true },
  plugins: [minify],
})
await bundle.close()
