/**
 * Checks the code of the documentation: every
 * ```ts block in the doc comments of src, in README.md and in docs is type-checked with the project's options and run on the cpu backend; every exported function has an `@example`. Both see
 * the built library, as users do.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { builtPath, entryPoints } from './entry-points.js'
import { checkBuilt } from './pack.js'
import { type Snippet, snippetsOfMarkdown, snippetsOfSource } from './snippets/find.js'

const FOLDER = '.cache/snippets'
const ENTRIES = Object.keys(entryPoints).map((output) => ({
  types: resolve(builtPath(output, '.d.ts')),
  code: resolve(builtPath(output, '.js')),
}))
/** Has no paths to the sources. */
const SETTINGS = 'tsconfig.built.json'
const PROCESSES = 2

interface Written extends Snippet {
  /** Path of the module made from it; its line numbers are those of the documentation. */
  readonly path: string
}

function findSnippets(): readonly Snippet[] {
  const under = (folder: string, ending: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith(ending))
      .map((path) => join(folder, path))
      .sort()
  const pages = under('docs', '.md').filter((path) => !path.startsWith(join('docs', 'api')))
  const readme = existsSync('README.md') ? ['README.md'] : []
  return [
    ...under('src', '.ts').flatMap(snippetsOfSource),
    ...[...readme, ...pages].flatMap(snippetsOfMarkdown),
  ]
}

function write(snippet: Snippet): Written {
  const path = resolve(FOLDER, `${snippet.file.replaceAll('/', '__')}.${snippet.line}.ts`)
  const code = snippet.code.join('\n')
  const isModule = /^\s*(import|export)\b/m.test(code)
  writeFileSync(path, '\n'.repeat(snippet.line - 1) + code + (isModule ? '\n' : '\nexport {}\n'))
  return { ...snippet, path }
}

function options(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(SETTINGS, ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, ts.sys, '.').options
}

function checkTypes(program: ts.Program, snippets: readonly Written[]): readonly string[] {
  return snippets.flatMap(({ file, path }) => {
    const source = program.getSourceFile(path)!
    return [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map((diagnostic) => {
      const line = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1
      return `${file}:${line} - TS${diagnostic.code}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')}`
    })
  })
}

/** A block of a page is a program: it imports the backend that it computes on. */
function withoutBackend(snippets: readonly Snippet[]): readonly string[] {
  const computes = /^import (?!type\b)[^']*'@tensorflow\/tfjs-(core|layers)'/m
  return snippets
    .filter(({ file, run }) => run && file.endsWith('.md'))
    .filter(({ code }) => {
      const text = code.join('\n')
      return computes.test(text) && !/'@tensorflow\/tfjs(-backend-\w+)?'/.test(text)
    })
    .map(({ file, line }) => `${file}:${line} imports no backend of tfjs`)
}

/** Names of the exported functions and values without an `@example`. */
async function withoutExample(program: ts.Program): Promise<readonly string[]> {
  const checker = program.getTypeChecker()
  const missing = await Promise.all(
    ENTRIES.map(async ({ types, code }) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(types)!)!
      // The types name some classes that are exported as types alone.
      const values = Object.keys(await import(code))
      return checker
        .getExportsOfModule(module)
        .filter(({ name }) => values.includes(name))
        .map((symbol) =>
          symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
        )
        .filter((symbol) => !symbol.getJsDocTags(checker).some(({ name }) => name === 'example'))
    }),
  )
  return missing.flat().map((symbol) => `${symbol.name} is exported without an @example`)
}

/**
 * Runs a share of the snippets in a process of their own; its standard error names the failures.
 */
function runAll(snippets: readonly Written[], share: number): Promise<boolean> {
  const list = join(FOLDER, `run-${share}.json`)
  const entries = snippets.map(({ file, line, path, printed }) => ({
    printed,
    place: `${file}:${line}`,
    module: pathToFileURL(path).href,
  }))
  writeFileSync(list, JSON.stringify(entries))
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/snippets/run.ts', list], {
    stdio: 'inherit',
    env: { ...process.env, TSX_TSCONFIG_PATH: SETTINGS },
  })
  return new Promise((done) => child.on('close', (code) => done(code === 0)))
}

checkBuilt('check the snippets')
rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const snippets = findSnippets().map(write)
const program = ts.createProgram(
  [...ENTRIES.map(({ types }) => types), ...snippets.map(({ path }) => path)],
  options(),
)
const problems = [
  ...checkTypes(program, snippets),
  ...(await withoutExample(program)),
  ...withoutBackend(snippets),
]
for (const problem of problems) console.error(problem)

const runnable = snippets.filter(({ run }) => run)
const shares = Array.from({ length: PROCESSES }, (_, share) =>
  runnable.filter((_, i) => i % PROCESSES === share),
)
const outcomes = problems.length > 0 ? [false] : await Promise.all(shares.map(runAll))
if (outcomes.every(Boolean))
  console.log(`${snippets.length} snippets are well typed, ${runnable.length} of them ran`)
else process.exitCode = 1
