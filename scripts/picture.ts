/**
 * Holds the picture of the README to the stored ledgers of the quickstart. With `--write` the
 * quickstart is run, its ledgers are stored, and the picture is drawn anew.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { forms, type Ledgers, pictureOf } from './picture/picture-of.js'
import { svgFile } from './picture/svg-file.js'

const STORED = 'bench/results/quickstart.json'
const write = process.argv.includes('--write')

if (write) {
  execFileSync('npx', ['tsx', 'examples/quickstart.ts'], { stdio: 'inherit' })
  writeFileSync(STORED, readFileSync('examples/out/quickstart/ledgers.json'))
}
const ledgers = JSON.parse(readFileSync(STORED, 'utf8')) as Ledgers
const themes = ['light', 'dark'] as const
const pictures = themes.flatMap((theme) => [
  { file: `docs/quickstart-${theme}.svg`, chart: pictureOf(ledgers, theme) },
  // The first page of the site shows this one on a phone.
  {
    file: `docs/.vitepress/theme/pictures/quickstart-${theme}.svg`,
    chart: pictureOf(ledgers, theme, forms.narrow),
  },
])
for (const { file, chart } of pictures) {
  const drawn = await svgFile(chart)
  if (write) writeFileSync(file, drawn)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== drawn)
    throw new Error(`${file} differs from ${STORED}: run \`npx tsx scripts/picture.ts --write\``)
}
console.log('the picture equals the ledgers of the quickstart')
