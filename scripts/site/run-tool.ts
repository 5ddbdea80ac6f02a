import { spawnSync } from 'node:child_process'

/**
 * Runs a tool of node_modules and waits for it.
 *
 * @throws {Error} If it fails.
 */
export function runTool(name: string, ...options: readonly string[]): void {
  const { status } = spawnSync('npx', ['--no-install', name, ...options], { stdio: 'inherit' })
  if (status !== 0)
    throw new Error(`Cannot build the site: expected ${name} to pass, got ${status}`)
}
