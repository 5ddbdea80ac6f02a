/** The rules of the house. Each takes the tree and answers with its problems, one line each. */
import { ENTRY, folderOf, type Import, importsOf, type Tree } from './imports.js'

/** Imports that end where they began, between files and between folders. */
export function circles(tree: Tree): readonly string[] {
  const imports = importsOf(tree)
  const between = imports.map(({ from, to }) => ({ from: folderOf(from), to: folderOf(to) }))
  const folders = between.filter(({ from, to }) => from !== to)
  return [...circlesOf(imports), ...circlesOf(folders)].map((path) => `a circle: ${path}`)
}

function circlesOf(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, Set<string>>()
  for (const { from, to } of imports)
    targets.set(from, (targets.get(from) ?? new Set<string>()).add(to))
  const found: string[] = []
  const done = new Set<string>()
  const visit = (node: string, path: readonly string[]): void => {
    const start = path.indexOf(node)
    if (start >= 0) found.push([...path.slice(start), node].join(' -> '))
    if (start >= 0 || done.has(node)) return
    for (const target of targets.get(node) ?? []) visit(target, [...path, node])
    done.add(node)
  }
  for (const node of targets.keys()) visit(node, [])
  return found
}

/** Imports of a folder that stands later in the order, and folders that stand nowhere in it. */
export function upwardImports(tree: Tree, order: readonly string[]): readonly string[] {
  const folders = new Set([...tree.keys()].map(folderOf))
  const places = new Map([...order, ENTRY].map((folder, place) => [folder, place]))
  const unknown = [...folders].filter((folder) => !places.has(folder))
  const gone = order.filter((folder) => !folders.has(folder))
  const upward = importsOf(tree).filter(
    ({ from, to }) => places.get(folderOf(to))! > places.get(folderOf(from))!,
  )
  return [
    ...unknown.map((folder) => `${folder} has no place in the order`),
    ...gone.map((folder) => `${folder} has a place in the order and holds nothing`),
    ...upward.map(({ from, to }) => `${from} imports ${to}, which stands above it`),
  ]
}

/**
 * Files of `internal/` that fewer than two folders use. A file that another internal file imports
 * belongs to the users of that one as well.
 */
export function singleOwners(tree: Tree): readonly string[] {
  const imports = importsOf(tree)
  const addOwners = (file: string, owners: Set<string>, seen: Set<string>): Set<string> => {
    for (const { from } of imports.filter(({ to }) => to === file)) {
      if (seen.has(from)) continue
      seen.add(from)
      if (from.startsWith('internal/')) addOwners(from, owners, seen)
      else owners.add(from.split('/')[0]!)
    }
    return owners
  }
  return [...tree.keys()]
    .filter((file) => file.startsWith('internal/'))
    .map((file) => ({ file, owners: [...addOwners(file, new Set(), new Set([file]))] }))
    .filter(({ owners }) => owners.length < 2)
    .map(({ file, owners }) => `${file} belongs to ${owners.join() || 'nobody'} alone`)
}

/** Imports by path out of a folder that is to use the others by their public names. */
export function leavingImports(tree: Tree, folder: string): readonly string[] {
  return importsOf(tree)
    .filter(({ from, to }) => from.startsWith(`${folder}/`) && !to.startsWith(`${folder}/`))
    .map(({ from, to }) => `${from} imports ${to} by its path, not by its public name`)
}

/** Files with more lines than `most`, but for those with a reason; a reason for none is one too. */
export function longFiles(
  tree: Tree,
  most: number,
  reasons: Readonly<Record<string, string>>,
): readonly string[] {
  const long = [...tree]
    .map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > most)
  const idle = Object.keys(reasons).filter((file) => !long.some((found) => found.file === file))
  return [
    ...long
      .filter(({ file }) => !Object.hasOwn(reasons, file))
      .map(({ file, lines }) => `${file} has ${lines} lines, more than ${most}`),
    ...idle.map((file) => `${file} has a reason to be long and is not`),
  ]
}
