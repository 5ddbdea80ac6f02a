/**
 * Which output file a source module goes to. tfjs-layers does not declare itself free of side
 * effects, so that a bundler keeps all of it where one kept file imports it. A module therefore
 * only shares a file with modules that load the same part of tfjs, themselves or through others.
 */

/** The part of a module graph that the grouping reads. */
export interface ModuleGraph {
  /** Absolute paths of the entry points, each with its subpath (`.`, `./losses`). */
  readonly entries: ReadonlyMap<string, string>
  /** What a module imports: absolute paths, and names of packages. */
  readonly importsOf: (module: string) => readonly string[]
}

/** Packages whose import sets a file apart, from the lowest level up. */
const LEVELS = ['', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']
const SUFFIXES = ['', '-core', '-layers']

/**
 * Says which file each module goes to: its owner and its level, such as `run`, `run-core` or
 * `shrink-layers`.
 *
 * The owner is `run` for all that `tfjs-prune` itself reaches, the entry point for the modules of
 * one alone, and `shared` for the rest. An import between files so never points back.
 *
 * @param graph The modules and their imports, without types.
 * @returns The name of the file of a module, or nothing for an entry point, which is its own.
 */
export function outputFiles(graph: ModuleGraph): (module: string) => string | undefined {
  const levels = new Map<string, number>()
  const levelOf = (module: string): number => {
    const known = levels.get(module) ?? LEVELS.indexOf(module)
    if (known >= 0) return known
    levels.set(module, 0)
    const level = Math.max(0, ...graph.importsOf(module).map(levelOf))
    levels.set(module, level)
    return level
  }
  const owners = new Map<string, Set<string>>()
  for (const [entry, subpath] of graph.entries) {
    for (const module of reachedFrom(entry, graph))
      owners.set(module, (owners.get(module) ?? new Set()).add(subpath))
  }
  return (module) => {
    if (graph.entries.has(module)) return undefined
    const owned = owners.get(module)
    if (!owned) return undefined
    return ownerName(owned) + SUFFIXES[levelOf(module)]
  }
}

function ownerName(subpaths: ReadonlySet<string>): string {
  if (subpaths.has('.')) return 'run'
  if (subpaths.size > 1) return 'shared'
  const [only] = subpaths
  return only!.slice(2).replaceAll('/', '-')
}

function reachedFrom(entry: string, { importsOf }: ModuleGraph): ReadonlySet<string> {
  const reached = new Set([entry])
  for (const module of reached) for (const imported of importsOf(module)) reached.add(imported)
  return reached
}
