/**
 * Installs the packed tarball into a copy of each project in test/consumers, as a user would, and
 * runs it. The projects follow each other in one folder: npm leaves the packages there that the next
 * one has too, and takes the others away. `npm run consumers -- bundlers` takes only that one.
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
const copy = mkdtempSync(join(tmpdir(), 'tfjs-prune-consumer-'))
const npm = (...args: string[]) => execFileSync('npm', args, { cwd: copy, stdio: 'inherit' })

/** Throws where a package is missing, or is there and nothing of the project wants it. */
function checkInstalled(): void {
  const list = execFileSync('npm', ['ls', '--all', '--json'], { cwd: copy, encoding: 'utf8' })
  const { problems = [] } = JSON.parse(list) as { problems?: readonly string[] }
  if (problems.length > 0)
    throw new Error(`Cannot check the project: expected its packages alone, got ${problems}`)
}

try {
  for (const name of wanted.length > 0 ? wanted : readdirSync(FOLDER)) {
    console.log(`\n--- ${name}`)
    for (const file of readdirSync(copy))
      if (file !== 'node_modules') rmSync(join(copy, file), { recursive: true })
    cpSync(join(FOLDER, name), copy, { recursive: true })
    npm(...INSTALL, tarball)
    checkInstalled()
    npm('test', '--silent')
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
