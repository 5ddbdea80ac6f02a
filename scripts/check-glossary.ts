/**
 * Compares the names of all exported options with the table of options in docs/glossary.md: each
 * name stands there once, with its one meaning, and no name stands there that is gone.
 */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { entryPoints } from './entry-points.js'

const GLOSSARY = 'docs/glossary.md'

/** Names of the members of every exported type `...Options`, beside the types that have them. */
function optionNames(files: readonly string[]): Map<string, Set<string>> {
  const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.')
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const names = new Map<string, Set<string>>()
  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!
    for (const exported of checker.getExportsOfModule(module)) {
      if (!exported.name.endsWith('Options')) continue
      const isAlias = exported.flags & ts.SymbolFlags.Alias
      const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported
      const type = checker.getDeclaredTypeOfSymbol(symbol)
      const members = (type.isUnion() ? type.types : [type]).flatMap((one) => one.getProperties())
      for (const { name } of members)
        names.set(name, (names.get(name) ?? new Set()).add(exported.name))
    }
  }
  return names
}

/** The names in the first column of the tables under the heading `Options`. */
function listedNames(page: string): string[] {
  const [, section = ''] = page.split(/^## Options$/m)
  const rows = section.split(/^## /m)[0]!.matchAll(/^\| (`[^|]+) \|/gm)
  return [...rows].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
}

const options = optionNames(Object.values(entryPoints))
const listed = listedNames(readFileSync(GLOSSARY, 'utf8'))
const complaints = [
  ...[...options]
    .filter(([name]) => !listed.includes(name))
    .map(([name, types]) => `${name} of ${[...types].join(', ')} is not listed`),
  ...listed.filter((name) => !options.has(name)).map((name) => `${name} is no option any more`),
  ...listed
    .filter((name, index) => listed.indexOf(name) !== index)
    .map((name) => `${name} is listed twice`),
]
if (complaints.length > 0) throw new Error(`${GLOSSARY} differs:\n  ${complaints.join('\n  ')}`)
console.log(`${listed.length} options have one meaning each in ${GLOSSARY}`)
