/**
 * The gate: runs every check, stage by stage, and stops after the first stage with a failure. The
 * lanes of a stage run side by side, the steps of a lane one after the other. The output of the
 * first lane is shown as it comes, that of the others in one piece at the end of each step. `npm run
 * ok -- docs snippets` runs only those.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const RESULTS = '.cache/results'
const TEST_REPORT = [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${RESULTS}/test.json`,
]

/**
 * A stage begins when all steps of the one before have passed. The tests wait for servers, child
 * processes and each other; beside them the other lanes keep all cores at work. Snippets and examples
 * run on what `build` has made.
 */
const STAGES: readonly (readonly (readonly string[])[])[] = [
  [['lint', 'structure', 'glossary', 'docs'], ['types']],
  [['test'], ['build', 'package', 'size', 'consumers', 'snippets', 'examples'], ['site']],
]
const STEPS = STAGES.flat(2)

interface StepResult {
  readonly step: string
  readonly passed: boolean
  readonly seconds: number
}

/** Runs a step. */
function runStep(step: string, isShown: boolean): Promise<StepResult> {
  const start = performance.now()
  const args = ['run', '--silent', step, '--', ...(step === 'test' ? TEST_REPORT : [])]
  if (isShown) console.log(`\n=== ${step}`)
  const child = spawn('npm', args, { stdio: isShown ? 'inherit' : 'pipe' })
  const output: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => {
      if (!isShown) console.log(`\n=== ${step}\n${Buffer.concat(output)}`)
      resolve({ step, passed: status === 0, seconds: (performance.now() - start) / 1000 })
    })
  })
}

/** Runs the steps of a lane up to the first that fails. */
async function runLane(lane: readonly string[], isShown: boolean): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of lane) {
    const result = await runStep(step, isShown)
    results.push(result)
    if (!result.passed) break
  }
  return results
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : STEPS
const unknown = wanted.filter((step) => !STEPS.includes(step))
if (unknown.length > 0) {
  throw new RangeError(
    `Cannot run the gate: expected steps among ${STEPS.join(', ')}, got ${unknown}`,
  )
}

const results: StepResult[] = []
for (const stage of STAGES) {
  const lanes = stage
    .map((lane) => lane.filter((step) => wanted.includes(step)))
    .filter((lane) => lane.length > 0)
  results.push(
    ...(await Promise.all(lanes.map((lane, place) => runLane(lane, place === 0)))).flat(),
  )
  if (results.some(({ passed }) => !passed)) break
}

mkdirSync(RESULTS, { recursive: true })
writeFileSync(`${RESULTS}/ok.json`, JSON.stringify(results))

console.log('')
for (const { step, passed, seconds } of results) {
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${step.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`)
}
const failed = results.filter(({ passed }) => !passed).map(({ step }) => step)
const left = STEPS.filter(
  (step) => wanted.includes(step) && !results.some((result) => result.step === step),
)
if (failed.length > 0) {
  const rest = left.length > 0 ? `; not run: ${left.join(', ')}` : ''
  console.log(`\nThe gate stopped at: ${failed.join(', ')}${rest}`)
} else console.log('\nThe gate is green.')
process.exitCode = failed.length > 0 ? 1 : 0
