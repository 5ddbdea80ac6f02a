/**
 * Runs every program in examples, one after another, in its short mode (EXAMPLES=short), on the
 * built library, as users have it.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { checkBuilt } from './pack.js'

// Has no paths to the sources.
const SETTINGS = 'tsconfig.built.json'

checkBuilt('run the examples')
const examples = readdirSync('examples')
  .filter((name) => name.endsWith('.ts'))
  .sort()
if (examples.length === 0) throw new Error('Cannot run the examples: expected at least one')

for (const name of examples) {
  console.log(`\n--- ${name}`)
  const start = performance.now()
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join('examples', name)], {
    stdio: 'inherit',
    env: { ...process.env, EXAMPLES: 'short', TSX_TSCONFIG_PATH: SETTINGS },
  })
  if (status !== 0) throw new Error(`examples/${name} ended with ${status}`)
  console.log(`--- ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
