import { parseHTML } from 'linkedom'
import { createMask, falseNegativesAtMost, missesNotAbove } from 'tfjs-prune'
import { certifyScores } from 'tfjs-prune/certify'
import { type ReportOptions, reportHtml } from 'tfjs-prune/report'
import { renderSvg } from 'tfjs-prune/report/vega'
import { describe, expect, it } from 'vitest'
import { chartedRounds } from '../support/charted-rounds.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { ledger as reports } from '../support/round-reports.js'

const rounds = chartedRounds(3)
const opened = async (...of: Parameters<typeof reportHtml>) =>
  parseHTML(await reportHtml(...of)).document
type Opened = Awaited<ReturnType<typeof opened>>
const cellsOf = (page: Opened, name: string) =>
  [...page.querySelectorAll(`[aria-label="${name}"] tr`)].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  )
const drawing = () => '<?xml version="1.0"?><svg><path/></svg>'

const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 2)
const certificate = certifyScores(
  [{ round: 0, density: 1, labels, scores: Float64Array.from(labels) }],
  {
    ...{ positiveClass: 1, maximumFalseNegativeRate: 0.05 },
    ...{ maximumFalsePositiveRate: 0.1, confidence: 0.95 },
  },
)

describe('reportHtml', () => {
  it('reportHtml writes the ledger with the misses beside those of the dense network', async () => {
    const counts = [2, 1].map((falseNegatives) => ({ falseNegatives }))
    const page = await opened({ rounds: reports(counts), kept: { round: 1 } })
    const [head, dense, half] = cellsOf(page, 'Levels')
    expect(head!.slice(0, 4)).toEqual(['level', 'weights left, %', 'missed', 'false alarms'])
    expect(dense!.slice(0, 4)).toEqual(['0', '100', '2 (±0)', '1 (10 %)'])
    expect(half!.slice(0, 4)).toEqual(['1 (kept)', '50', '1 (−1)', '1 (10 %)'])
  })

  it('reportHtml tells no sign of a difference that is too small to be told', async () => {
    const counts = [2, 1.98].map((falseNegatives) => ({ falseNegatives }))
    const page = await opened({ rounds: reports(counts), kept: { round: 1 } })
    expect(cellsOf(page, 'Levels').map((cells) => cells[2])).toEqual(['missed', '2 (±0)', '2 (±0)'])
  })

  it('reportHtml draws each chart for light and for dark pages', async () => {
    const page = await opened(rounds, { render: drawing })
    const figures = [...page.querySelectorAll('figure')]
    expect(figures).toHaveLength(8)
    for (const figure of figures) {
      expect(figure.querySelectorAll('.light svg, .dark svg')).toHaveLength(2)
      const heading = figure.querySelector('strong')!.textContent!
      expect(figure.querySelector('[role=img]')!.getAttribute('aria-label')).toContain(heading)
    }
  })

  it('reportHtml gives the findings as sentences without a renderer, and says so', async () => {
    const page = await opened(rounds)
    expect(page.querySelector('svg')).toBeNull()
    const text = page.querySelector('main')!.textContent!
    expect(text).toContain('without a renderer')
    expect(text).toContain('The area under the ROC curve falls from')
  })

  it('reportHtml takes a list of addresses as images, and refuses pixels of other samples', async () => {
    const images = Array<string>(200).fill('data:image/png;base64,iVBORw0KGgo=')
    const drawn: string[] = []
    const render = (chart: object) => `<svg>${drawn.push(JSON.stringify(chart))}</svg>`
    await reportHtml(rounds, { images, render })
    expect(drawn.some((chart) => chart.includes(images[0]!))).toBe(true)
    const pixels = { pixels: new Uint8Array(199), height: 1, width: 1 }
    expect(await lateRefusalOf(() => reportHtml(rounds, { images: pixels }))).toMatch(
      /^RangeError.*1 x 1 x 1 values for each of 200 samples, got 199 in all$/,
    )
  })

  it('reportHtml names the charts that the rounds do not give', async () => {
    const page = await opened(reports([{ falseNegatives: 1 }, { falseNegatives: 2 }]), {
      render: drawing,
    })
    const text = page.querySelector('main')!.textContent!
    expect(text).toContain('Cannot chart the scores: expected')
    expect(page.querySelectorAll('figure')).toHaveLength(2) // misses and false alarms
  })

  it('reportHtml reports evaluations that are no classifier', async () => {
    const errors = [0.5, 0.25].map((meanSquaredError, round) => {
      return { ...rounds[round]!, evaluation: { meanSquaredError } }
    })
    const [head, dense] = cellsOf(await opened(errors), 'Levels')
    expect(head).toContain('meanSquaredError')
    expect(dense).toContain('0.5')
  })

  it('reportHtml writes certificate, sizes, lost positives, settings, versions and date', async () => {
    const options: ReportOptions = {
      certificate,
      sizes: { files: [{ file: 'stock', type: 'float32', bytes: 1000, gzip: 900 }] },
      settings: { seed: 7, split: { train: 0.5 } },
      versions: { 'tfjs-prune': '0.1.0' },
      date: new Date(Date.UTC(2026, 10, 29, 12, 30)),
    }
    const page = await opened({ rounds, reason: 'no budget', ended: 'it is done' }, options)
    const text = page.querySelector('main')!.textContent!
    for (const part of ['Accepted: level 0', '2026-11-29 12:30 UTC', 'Kept: no budget.', '0.1.0'])
      expect(text).toContain(part)
    expect(text).toContain('{"train":0.5}')
    expect(cellsOf(page, 'Sizes')[1]).toEqual(['stock float32', '1 kB', '900 bytes'])
    expect(cellsOf(page, 'Lost positives')).toHaveLength(3)
  })

  it('reportHtml escapes every text, and lets no name become a tag', async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`
    const weight = { name: evil, layer: evil, role: 'kernel', shape: [1, 2] }
    const mask = createMask([{ ...weight, values: Uint8Array.of(1, 0) }], 2)
    const weights = [{ name: evil, size: 2, kept: 1, density: 0.5 }]
    const hostile = rounds.map((round) => ({ ...round, weights, mask, collapsed: evil }))
    const skipped = [{ layer: evil, className: evil, reason: evil }]
    const run = { rounds: hostile, name: evil, reason: evil, ended: evil, skipped }
    const options = {
      ...{ title: evil, date: evil, settings: { [evil]: evil }, versions: { [evil]: evil } },
      ...{ render: renderSvg, others: [{ name: `${evil}2`, rounds }] },
    }
    const html = await reportHtml(run, options)
    expect(/<(script|img)/.test(html)).toBe(false)
    const page = parseHTML(html).document
    expect(page.querySelectorAll('script, img, [onerror]')).toHaveLength(0)
    expect(page.querySelector('title')!.textContent).toBe(evil)
  })

  it('reportHtml gives the same text twice, and refers to no address', async () => {
    const html = await reportHtml(rounds, { render: renderSvg })
    expect((await reportHtml(rounds, { render: renderSvg })) === html).toBe(true)
    const addresses = [...html.matchAll(/https?:[^"' ]*/g)].map(([address]) => address)
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org/'))).toEqual([])
    const policy = parseHTML(html).document.querySelector('[http-equiv]')
    expect(policy?.getAttribute('content')).toContain("default-src 'none'")
  })

  it('reportHtml warns where all positives are missed at the own boundary of the kept network', async () => {
    const [dense, pruned] = reports([{ falseNegatives: 2 }, { falseNegatives: 10 }])
    const atTen = { falsePositiveRate: 0.1, falseNegatives: 3, falseNegativeRate: 0.3 }
    const kept = {
      ...pruned!,
      evaluation: { ...pruned!.evaluation, atFalsePositiveRates: [atTen] },
    }
    const rule = missesNotAbove({ atFalsePositiveRate: 0.1 }).name
    const page = await opened({ rounds: [dense!, kept], kept: { round: 1 }, feasible: true, rule })
    expect(page.querySelector('.finding')!.textContent).toBe(
      'All 10 positives are missed at 50 % of the weights, 2 of 10 in the dense network.',
    )
    expect(page.querySelector('.facts .lost')!.textContent).toContain('10 of 10all of them')
    const warning = page.querySelector('.warning')!.textContent!.replaceAll('\n', ' ')
    expect(warning).toContain('it misses all 10 positives')
    expect(warning).toContain('the rule missesNotAbove({ atFalsePositiveRate: 0.1 }) does not look')
    expect(warning).toContain('it misses 3 of 10: set a threshold')
  })

  it('reportHtml warns of a network that raises an alarm for all, or is collapsed; of no other', async () => {
    const warningOf = async (report: object) =>
      (await opened([{ ...rounds[0]!, ...report }])).querySelector('.warning')?.textContent
    const [alarms, fair] = reports([{ falsePositives: 10 }, { falsePositives: 9 }])
    expect(await warningOf(alarms!)).toContain('all 10 negatives raise a false alarm')
    expect(await warningOf({ collapsed: 'it calls no sample class 2' })).toContain('class 2')
    expect(await warningOf(fair!)).toBeUndefined()
  })

  it('reportHtml tells the stopping rule among the settings', async () => {
    const rule = falseNegativesAtMost(3, { stopEarly: 2 }).name
    const pairs = (await opened({ rounds, rule })).querySelector('.pairs')!.textContent
    expect(pairs).toContain('stopping rulefalseNegativesAtMost(3, { stopEarly: 2 })')
  })

  it('reportHtml says that no level is kept', async () => {
    const run = { rounds, kept: undefined, feasible: false, reason: 'all levels miss more than 1' }
    const text = (await opened(run)).querySelector('header')!.textContent!
    expect(text).toContain('No level is kept: misses grow')
    expect(text).toContain('No level is kept: all levels miss more than 1.')
  })

  it('reportHtml refuses wrong options, certificates that contradict themselves, and no SVG', async () => {
    const refused = (options: object) => lateRefusalOf(() => reportHtml(rounds, options))
    expect(await refused({ titel: 'x' })).toMatch(/^TypeError.*did you mean title/)
    expect(await refused({ render: 'svg' })).toMatch(/^TypeError.*a function as render/)
    expect(await refused({ date: new Date(Number.NaN) })).toMatch(/^RangeError.*valid date/)
    expect(await refused({ versions: { a: 1 } })).toMatch(/^TypeError.*versions.a/)
    expect(await refused({ others: [{}] })).toMatch(/^TypeError/)
    expect(await refused({ certificate: { ...certificate, mostFalseNegatives: 99 } })).toMatch(
      /^RangeError/,
    )
    expect(await refused({ render: () => 'no drawing' })).toMatch(/^TypeError.*SVG/)
    expect(await lateRefusalOf(() => reportHtml([]))).toMatch(/^RangeError/)
  })
})
