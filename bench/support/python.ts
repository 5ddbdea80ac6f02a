import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Debian's python3 first: its packages hold torch; another python3 on the path may not see them. */
const interpreters = ['/usr/bin/python3', 'python3']

const withTorch = interpreters.find((python) => spawnSync(python, ['-c', 'import torch']).status === 0)

/** Runs a script of bench/support that prints one JSON object, where a python3 with torch is present. */
export function runPython<T>(script: string, args: readonly (string | number)[]): T | { missing: string } {
  if (!withTorch) return { missing: 'no python3 with torch on this machine' }
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { status, stdout, stderr } = spawnSync(withTorch, [path, ...args.map(String)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`)
  return JSON.parse(stdout) as T
}
