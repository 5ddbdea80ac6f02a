/**
 * Installs the packed tarball into a copy of each project in test/consumers, as a user would, and
 * runs it. `npm run consumers -- bundlers` takes only that one.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pack } from './pack.js'

const FOLDER = 'test/consumers'
const INSTALL = [
  'install',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--loglevel=error',
]

const { path: tarball } = pack()
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : readdirSync(FOLDER)) {
  console.log(`\n--- ${name}`)
  const copy = mkdtempSync(join(tmpdir(), `tfjs-prune-${name}-`))
  try {
    cpSync(join(FOLDER, name), copy, { recursive: true })
    execFileSync('npm', [...INSTALL, tarball], { cwd: copy, stdio: 'inherit' })
    execFileSync('npm', ['test', '--silent'], { cwd: copy, stdio: 'inherit' })
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}
