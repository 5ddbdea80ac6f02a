/**
 * Holds the picture of the README to the stored ledgers of the quickstart. With `--write` the
 * quickstart is run, its ledgers are stored, and the picture is drawn anew.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Ledgers, pictureOf } from './picture/picture-of.js'
import { svgFile } from './picture/svg-file.js'

const STORED = 'bench/results/quickstart.json'
const write = process.argv.includes('--write')

if (write) {
  execFileSync('npx', ['tsx', 'examples/quickstart.ts'], { stdio: 'inherit' })
  writeFileSync(STORED, readFileSync('examples/out/quickstart/ledgers.json'))
}
const ledgers = JSON.parse(readFileSync(STORED, 'utf8')) as Ledgers
for (const theme of ['light', 'dark'] as const) {
  const file = `docs/quickstart-${theme}.svg`
  const drawn = await svgFile(pictureOf(ledgers, theme))
  if (write) writeFileSync(file, drawn)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== drawn)
    throw new Error(`${file} differs from ${STORED}: run \`npx tsx scripts/picture.ts --write\``)
}
console.log('the picture equals the ledgers of the quickstart')
