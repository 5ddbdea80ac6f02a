import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Debian's python3 first: its packages hold torch and sklearn; another python3 on the path may not
 * see them.
 */
const interpreters = ['/usr/bin/python3', 'python3']

const found = new Map<string, string | undefined>()

/** The interpreter that has a module. Asked once for each: importing torch takes seconds. */
function withModule(name: string): string | undefined {
  if (!found.has(name)) {
    const has = (python: string) => spawnSync(python, ['-c', `import ${name}`]).status === 0
    found.set(name, interpreters.find(has))
  }
  return found.get(name)
}

/**
 * Runs a script of bench/support that prints one JSON object, where a python3 with the module that
 * it needs is present.
 */
export function runPython<T>(
  script: string,
  args: readonly (string | number)[],
  { needs = 'torch' }: { readonly needs?: 'torch' | 'sklearn' } = {},
): T | { missing: string } {
  const python = withModule(needs)
  if (!python) return { missing: `no python3 with ${needs} on this machine` }
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { status, stdout, stderr } = spawnSync(python, [path, ...args.map(String)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`)
  return JSON.parse(stdout) as T
}
