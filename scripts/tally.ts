/**
 * Ends a CI run: adds up what the gate and the browser tests left in `.cache/results`, names the
 * tests that failed, and prints `N passed, N failed`. Every test counts as one, every other step of
 * the gate too, and so does each `name=passed|failed` argument.
 */
import { existsSync, readFileSync } from 'node:fs'

const RESULTS = '.cache/results'
/** Lines of the message of a failed test. */
const MESSAGE_LINES = 4

interface Count {
  readonly passed: number
  readonly failed: number
}

const one = (passed: boolean): Count => ({ passed: Number(passed), failed: Number(!passed) })

function read<T>(name: string): T | undefined {
  const path = `${RESULTS}/${name}.json`
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined
}

/** The part of a vitest report that is read. */
interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Each failed test with its file and the beginning of its message; a file that does not load too. */
function failuresIn({ testResults }: TestReport): readonly string[] {
  const begin = (message = '') => message.split('\n').slice(0, MESSAGE_LINES).join('\n  ')
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed')
      if (failed.length === 0) return [`FAILED ${name}\n  ${begin(message)}`]
      return failed.map(
        ({ fullName, failureMessages }) =>
          `FAILED ${name}: ${fullName}\n  ${begin(failureMessages[0])}`,
      )
    })
}

/**
 * The tests of a vitest report; a run that failed without a failed test (a file that does not load)
 * counts as one.
 */
function countTests(name: string, passed: boolean): Count {
  const report = read<TestReport>(name)
  if (!report) return one(false)
  for (const line of failuresIn(report)) console.log(line)
  const failed = passed ? report.numFailedTests : Math.max(1, report.numFailedTests)
  return { passed: report.numPassedTests, failed }
}

function countGate(): readonly Count[] {
  const steps = read<{ step: string; passed: boolean }[]>('ok') ?? [{ step: 'ok', passed: false }]
  return steps.map(({ step, passed }) =>
    step === 'test' ? countTests('test', passed) : one(passed),
  )
}

const counts = process.argv.slice(2).map((argument) => {
  const [name, outcome] = argument.split('=')
  return name === 'browser' ? countTests(name, outcome === 'passed') : one(outcome === 'passed')
})
const all = [...counts, ...countGate()]
const sum = (side: keyof Count) => all.reduce((total, count) => total + count[side], 0)

console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') > 0 ? 1 : 0
