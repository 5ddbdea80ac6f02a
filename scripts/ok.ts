/**
 * The gate: runs every check in order, stops at the first that fails. `npm run ok -- docs snippets`
 * runs only those.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const RESULTS = '.cache/results'

const STEPS: Readonly<Record<string, readonly string[]>> = {
  lint: [],
  types: [],
  structure: [],
  glossary: [],
  test: ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}/test.json`],
  build: [],
  package: [],
  size: [],
  docs: [],
  site: [],
  snippets: [],
  examples: [],
  consumers: [],
}

interface StepResult {
  readonly step: string
  readonly passed: boolean
  readonly seconds: number
}

function runStep(step: string): StepResult {
  console.log(`\n=== ${step}`)
  const start = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', step, '--', ...STEPS[step]!], {
    stdio: 'inherit',
  })
  return { step, passed: status === 0, seconds: (performance.now() - start) / 1000 }
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(STEPS)
const unknown = wanted.filter((step) => !Object.hasOwn(STEPS, step))
if (unknown.length > 0) {
  throw new RangeError(
    `Cannot run the gate: expected steps among ${Object.keys(STEPS).join(', ')}, got ${unknown}`,
  )
}

const results: StepResult[] = []
for (const step of wanted) {
  const result = runStep(step)
  results.push(result)
  if (!result.passed) break
}

mkdirSync(RESULTS, { recursive: true })
writeFileSync(`${RESULTS}/ok.json`, JSON.stringify(results))

console.log('')
for (const { step, passed, seconds } of results) {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`)
}
const failed = results.find(({ passed }) => !passed)
const left = wanted.slice(results.length)
if (failed)
  console.log(
    `\nThe gate stopped at: ${failed.step}${left.length > 0 ? `; not run: ${left.join(', ')}` : ''}`,
  )
else console.log('\nThe gate is green.')
process.exitCode = failed ? 1 : 0
