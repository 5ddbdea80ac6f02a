/**
 * Checks the packed tarball: its files, the imports of what was built, publint and
 * are-the-types-wrong.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { builtPath, entryPoints, subpathOf } from './entry-points.js'
import { linksOf } from './links-of.js'
import { pack } from './pack.js'

const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8'))
const OTHERS = Object.keys({ ...PACKAGE.peerDependencies, ...PACKAGE.dependencies })
const BESIDE_DIST = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']
/** What the links of README.md and of the guide lead to. */
const LINKED =
  /^(docs\/([\w-]+|guide\/[\w-]+)\.(md|svg)|examples\/.+|(ARCHITECTURE|CONTRIBUTING)\.md|scripts\/golden\/container\.py)$/
const LAYERS = '@tensorflow/tfjs-layers'
const UMD = 'dist/tfjs-prune.umd.js'
/** The command line: a bundle with the packages that it alone uses, and their licences. */
const COMMAND_LINE = 'dist/cli/'
const LICENCES = 'dist/cli/LICENSES.txt'
/** Peers that only `tfjs-prune/report/vega` loads. */
const DRAWING = ['vega', 'vega-lite']
/** Peers that only `tfjs-prune/sweep` loads. */
const RUNNERS = ['bullmq', 'ioredis', 'tinypool']
/** The dependency that only `tfjs-prune/runs` loads. */
const PAGE_STORE = 'idb-keyval'
/** The dependency that only `tfjs-prune/onnx` loads. */
const PROTOBUF = 'pbf'
/** Entry points that load nothing of tfjs. */
const WITHOUT_TFJS = ['metrics', 'report', 'report/vega', 'sparse'].map(
  (name) => `dist/${name}/index.js`,
)
/** Files of one kind in dist: each costs a look-up where there is no bundler. */
const MOST_FILES = 60
/** Characters from which two equal statements are no coincidence. */
const LONG = 80

const problems: string[] = []

function checkFiles(files: readonly string[]): void {
  for (const file of files) {
    const isBuilt = /^dist\/.+(\.js|\.d\.ts)$/.test(file)
    const expected = BESIDE_DIST.includes(file) || isBuilt || file === LICENCES || LINKED.test(file)
    if (!expected) problems.push(`the tarball holds ${file}`)
  }
  for (const file of BESIDE_DIST)
    if (!files.includes(file)) problems.push(`the tarball lacks ${file}`)
}

/** A link of a page in the tarball leads to a file or a folder there. */
function checkLinks(files: readonly string[]): void {
  const folders = new Set(
    files.flatMap((file) => file.split('/').map((_, i, all) => all.slice(0, i).join('/'))),
  )
  for (const { page, path } of files.filter((file) => file.endsWith('.md')).flatMap(linksOf)) {
    if (!files.includes(path) && !folders.has(path))
      problems.push(`${page} links to ${path}, which is not in the tarball`)
  }
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

/** Bare imports are peers and dependencies; relative ones name a file, as Node wants it. */
function checkImports(files: readonly string[]): void {
  for (const file of files) {
    for (const specifier of importsOf(file)) {
      const found = specifier.startsWith('.')
        ? specifier.endsWith('.js') && resolves(join(dirname(file), specifier), file)
        : OTHERS.includes(specifier)
      if (!found) problems.push(`${file} imports ${specifier}`)
    }
  }
}

const resolves = (path: string, from: string): boolean =>
  existsSync(from.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path)

/** The command line is there to be run, and imports what is installed: Node, peers, the library. */
function checkCommandLine(files: readonly string[]): void {
  const bin: string = PACKAGE.bin['tfjs-prune'].slice('./'.length)
  if (!existsSync(bin)) problems.push(`bin of package.json names ${bin}, which is not built`)
  else if (!readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n'))
    problems.push(`${bin} does not say that Node runs it`)
  if (!existsSync(LICENCES)) problems.push(`${LICENCES} is missing`)
  for (const file of files) {
    // Bundled packages name modules of Node by require, which is no import.
    const imports = [...readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\(?"([^"]+)"/g)]
    for (const [, specifier = ''] of imports) {
      const found = specifier.startsWith('.')
        ? existsSync(join(dirname(file), specifier))
        : OTHERS.includes(specifier) || isBuiltin(specifier)
      if (!found) problems.push(`${file} imports ${specifier}`)
    }
  }
}

/** Everything that a built file loads, itself or through others. */
function loadedBy(file: string): ReadonlySet<string> {
  const loaded = new Set([file])
  for (const one of loaded) {
    if (OTHERS.includes(one)) continue
    for (const specifier of importsOf(one))
      loaded.add(specifier.startsWith('.') ? join(dirname(one), specifier) : specifier)
  }
  return loaded
}

/** The name of a file, or the entry point, says which packages it never loads. */
function checkLevels(modules: readonly string[]): void {
  for (const file of modules) {
    const loaded = loadedBy(file)
    for (const other of OTHERS.filter((name) => loaded.has(name) && mayNotLoad(file, name)))
      problems.push(`${file} loads ${other}`)
  }
}

function mayNotLoad(file: string, other: string): boolean {
  if (DRAWING.includes(other)) return !/\/report(\/|-)vega/.test(file)
  if (RUNNERS.includes(other)) return !/\/sweep(\/|-|\.js$)/.test(file)
  if (other === PAGE_STORE) return !/\/runs(\/|-|\.js$)/.test(file)
  if (other === PROTOBUF) return !/\/onnx(\/|-|\.js$)/.test(file)
  if (WITHOUT_TFJS.includes(file)) return true
  if (file === 'dist/losses/index.js') return other === LAYERS
  if (!file.startsWith('dist/chunks/') || file.endsWith('-layers.js')) return false
  return other === LAYERS || !file.endsWith('-core.js')
}

/** Two copies of a class or a registry would not know each other. */
function checkOnce(modules: readonly string[]): void {
  const homes = new Map<string, string>()
  for (const file of modules) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
    for (const statement of source.statements) {
      const text = statement.getText(source)
      if (ts.isImportDeclaration(statement) || text.length < LONG) continue
      const home = homes.get(text)
      if (home) problems.push(`${file} repeats a part of ${home}: ${text.slice(0, LONG)}`)
      homes.set(text, file)
    }
  }
}

const tarball = pack()
const built = readdirSync('dist', { recursive: true, encoding: 'utf8' }).map((path) =>
  join('dist', path),
)
// The build for script tags has all of them once more, in one file.
const scripts = built.filter((path) => path.endsWith('.js') && path !== UMD)
const modules = scripts.filter((path) => !path.startsWith(COMMAND_LINE))
const commandLine = scripts.filter((path) => path.startsWith(COMMAND_LINE))
const types = built.filter((path) => path.endsWith('.d.ts'))
for (const files of [modules, types]) {
  if (files.length > MOST_FILES)
    problems.push(`dist has ${files.length} files like ${files[0]}, more than ${MOST_FILES}`)
}

checkFiles(tarball.files)
checkLinks(tarball.files)
checkEntryPoints()
checkImports([...modules, ...types])
checkLevels(modules)
checkOnce(modules)
checkCommandLine(commandLine)
if (problems.length > 0) throw new Error(`The package is not right:\n  ${problems.join('\n  ')}`)

execFileSync('npx', ['publint', 'run', tarball.path, '--strict'], { stdio: 'inherit' })
execFileSync('npx', ['attw', tarball.path, '--profile', 'esm-only', '--no-emoji'], {
  stdio: 'inherit',
})
console.log(
  `${tarball.files.length} files, ${modules.length} modules, ${types.length} of types, ${tarball.path}`,
)
