/**
 * Builds `dist/cli`: the command line with the packages that it alone uses (arguments, tables,
 * colours, bars, the cpu backend of tfjs), minified, and their licences in one file beside it. The
 * library and its peers are imported from where they are, so that there is one copy of them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { build, type Plugin } from 'esbuild'

const FOLDER = 'dist/cli'
const { name, peerDependencies, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const OTHERS = Object.keys({ ...peerDependencies, ...dependencies })

/** `tfjs-prune/files` is `../files/index.js`, from `dist/cli`. */
const library: Plugin = {
  name: 'library',
  setup: ({ onResolve }) => {
    onResolve({ filter: new RegExp(`^${name}(/|$)`) }, ({ path }) => ({
      path: `..${path.slice(name.length)}/index.js`,
      external: true,
    }))
  },
}

const { metafile } = await build({
  entryPoints: { 'tfjs-prune': 'src/cli/main.ts' },
  outdir: FOLDER,
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  metafile: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  // cli-table3 asks for the last one, and does without it.
  external: [...OTHERS, '@colors/colors'],
  plugins: [library],
  legalComments: 'none',
  // Packages of CommonJS load modules of Node by require.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';const require=requireFrom(import.meta.url);",
  },
})

/** Folders of the packages whose files were bundled. */
function bundledPackages(): readonly string[] {
  const folders = Object.keys(metafile.inputs).flatMap((path) => {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)
    return found ? [found[1]!] : []
  })
  return [...new Set(folders)].sort()
}

function licenceOf(folder: string): string {
  const { name: own, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  const head = `${own} ${version}, ${license}`
  const files = ['LICENSE', 'LICENSE.md', 'LICENSE-MIT.txt', 'license'].map(
    (file) => `${folder}/${file}`,
  )
  const file = files.find((path) => existsSync(path))
  if (file) return `${head}\n\n${readFileSync(file, 'utf8').trim()}`
  if (license === 'Apache-2.0') return `${head}\n\nThe text is that of LICENSE in this package.`
  const [, text] = /^LICENSE \(MIT\)\n-+\n([\s\S]+)$/m.exec(
    readFileSync(`${folder}/README.md`, 'utf8'),
  ) ?? [undefined, undefined]
  if (text === undefined) throw new Error(`Cannot bundle ${own}: its licence is not found`)
  return `${head}\n\n${text.trim()}`
}

const line = `\n\n${'-'.repeat(80)}\n\n`
writeFileSync(`${FOLDER}/LICENSES.txt`, `${bundledPackages().map(licenceOf).join(line)}\n`)
