/**
 * Checks the packed tarball: its files, the imports of what was built, publint and
 * are-the-types-wrong.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { builtPath, entryPoints, subpathOf } from './entry-points.js'
import { pack } from './pack.js'

const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8'))
const PEERS = Object.keys(PACKAGE.peerDependencies)
const BESIDE_DIST = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
/** Folders whose modules never load tfjs-layers, not even through another module. */
const WITHOUT_LAYERS = ['criteria', 'losses', 'masks', 'metrics', 'schedules', 'stopping']

const problems: string[] = []

function checkFiles(files: readonly string[]): void {
  for (const file of files) {
    const expected = BESIDE_DIST.includes(file) || /^dist\/.+(\.js|\.d\.ts)$/.test(file)
    if (!expected) problems.push(`the tarball holds ${file}`)
  }
  for (const file of BESIDE_DIST)
    if (!files.includes(file)) problems.push(`the tarball lacks ${file}`)
}

/**
 * package.json names the built files of all entry points, also for `moduleResolution: node`.
 */
function checkEntryPoints(): void {
  for (const output of Object.keys(entryPoints)) {
    const subpath = subpathOf(output)
    const types = builtPath(output, '.d.ts')
    const named = PACKAGE.exports[subpath]
    if (named?.types !== types || named.default !== builtPath(output, '.js'))
      problems.push(`exports["${subpath}"] of package.json does not name ${output}`)
    const older =
      subpath === '.' ? PACKAGE.types : PACKAGE.typesVersions['*'][subpath.slice(2)]?.[0]
    if (older !== types)
      problems.push(`typesVersions of package.json does not name ${types} for ${subpath}`)
  }
}

const importsOf = (file: string): readonly string[] =>
  ts
    .preProcessFile(readFileSync(file, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName)

/** Bare imports are peers only; relative ones name a file that is there, as Node wants it. */
function checkImports(files: readonly string[]): void {
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      const found = specifier.startsWith('.')
        ? specifier.endsWith('.js') && resolves(join(dirname(file), specifier), file)
        : PEERS.includes(specifier)
      if (!found) problems.push(`${file} imports ${specifier}`)
    }
  }
}

const resolves = (path: string, from: string): boolean =>
  existsSync(from.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path)

function checkLayerless(modules: readonly string[]): void {
  const loads = (file: string, seen: Set<string>): string | undefined => {
    if (seen.has(file)) return undefined
    seen.add(file)
    for (const specifier of importsOf(file)) {
      if (specifier === '@tensorflow/tfjs-layers') return file
      const through = specifier.startsWith('.')
        ? loads(join(dirname(file), specifier), seen)
        : undefined
      if (through) return through
    }
    return undefined
  }
  for (const file of modules) {
    if (!WITHOUT_LAYERS.includes(relative('dist', file).split('/')[0]!)) continue
    const through = loads(file, new Set())
    if (through) problems.push(`${file} loads tfjs-layers through ${through}`)
  }
}

const tarball = pack()
const built = readdirSync('dist', { recursive: true, encoding: 'utf8' }).map((path) =>
  join('dist', path),
)
const modules = built.filter((path) => path.endsWith('.js'))

checkFiles(tarball.files)
checkEntryPoints()
checkImports(built.filter((path) => /(\.js|\.d\.ts)$/.test(path)))
checkLayerless(modules)
if (problems.length > 0) throw new Error(`The package is not right:\n  ${problems.join('\n  ')}`)

execFileSync('npx', ['publint', 'run', tarball.path, '--strict'], { stdio: 'inherit' })
execFileSync('npx', ['attw', tarball.path, '--profile', 'esm-only', '--no-emoji'], {
  stdio: 'inherit',
})
console.log(`${tarball.files.length} files, ${modules.length} modules, ${tarball.path}`)
