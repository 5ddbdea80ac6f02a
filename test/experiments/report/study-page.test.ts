import { describe, expect, it } from 'vitest'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import type { StudyFacts } from '../../../experiments/class-dependent/report/study-facts.js'
import { studyPage } from '../../../experiments/class-dependent/report/study-page.js'
import { warningsOf } from '../../../experiments/class-dependent/report/warnings.js'
import { type Fabricated, fabricatedRows, fabricatedTuning } from './fabricated-rows.js'

const facts: StudyFacts = {
  command: "npm run study -- shots --systems 'red; black'",
  ...{ shape: [64, 64, 3], positive: 'the folder scratch', steps: 20, seeds: 3 },
  systems: ['red', 'black'],
  parts: {
    train: { images: 60, positives: 20 },
    validation: { images: 18, positives: 6 },
    test: { images: 42, positives: 14 },
  },
}
const judged = (systems: Readonly<Record<string, Fabricated>>, seeds = 10) => {
  const rows = [...fabricatedRows(systems, seeds), ...fabricatedTuning('red', { 0.01: 0.9 })]
  const own = rows.map((row) => ({ ...row, set: '.cache/study/shots-0-cnn/images/shots' }))
  return judge(studiesOf(own)[0]!)
}

describe('studyPage', () => {
  const options = { facts, guide: '../guide.md', charts: { levels: 'levels.svg' } }
  const page = studyPage(judged({ red: {}, black: { misses: 0.8, auc: 0.97 } }), options)

  it('studyPage tells the name of the folder, the facts and the weight of a miss', () => {
    expect(page).toMatch(/^# Study: shots, the small CNN\n/)
    expect(page).toContain(
      '| images that are used, repeated ones left out | 120, 40 of them positive |',
    )
    expect(page).toContain('| one miss in the test part weighs | 7.1 points of FNR |')
    expect(page).toContain('| steps of the shorter training | 20; the longer one has twice')
    expect(page).toContain("`npm run study -- shots --systems 'red; black'`")
    expect(page).not.toContain('## Take care')
  })

  it('studyPage does without facts where the folder has none', () => {
    const bare = studyPage(judged({ red: {} }), { guide: '../guide.md', charts: {} })
    expect(bare).toMatch(/\n## Facts\n\n- shots, the small CNN: 1 of 1 systems, 10 seeds each\./)
  })

  it('studyPage tells nothing of systems that were not run', () => {
    expect(page).toContain('| black has a higher AUC than red | higher | 9')
    expect(page).not.toMatch(/green|LAMP|no rows|Not run yet|The goal of the recipe/)
  })

  it('studyPage has words between each heading and its table or chart', () => {
    const sections = page.split('\n## ').slice(1)
    const bare = sections.filter((text) => /^[^\n]+\n\n(\||!)/.test(text))
    expect(bare.map((text) => text.split('\n')[0])).toEqual(['Facts'])
    expect(sections.find((text) => text.startsWith('Level by level'))).toContain('(levels.svg)')
    expect(page).not.toContain('## Misses against cost') // it was not drawn
  })
})

describe('warningsOf', () => {
  it('warningsOf tells that nothing was learnt where the AUC is within chance', () => {
    expect(warningsOf(judged({ red: { auc: 0.8 } }), facts)).toEqual([])
    // On 14 positives and 28 negatives chance alone goes up to 68.7 %.
    const [first] = warningsOf(judged({ red: { auc: 0.68 } }), facts)
    expect(first).toMatch(/^\*\*Nothing was learnt\.\*\* .* up to 68\.7 % is chance/)
    expect(warningsOf(judged({ red: { auc: 0.68 } }))).toEqual([])
  })

  it('warningsOf tells collapsed networks by level, few seeds and a missing baseline', () => {
    const one = judged({ black: { auc: 0.51 } }, 2)
    const [learnt, collapsed, seeds, base] = warningsOf(one, facts)
    expect(learnt).toContain('AUC of the dense network (black) is 51.')
    expect(collapsed).toContain('Seeds by level: black: ')
    expect(collapsed).toContain('2 at 1.56 %.')
    expect(seeds).toContain('With 2 seeds hardly a difference can be told from luck')
    expect(base).toContain('the system `red` has no rows')
  })

  it('warningsOf tells that shifts may harm where the dense networks of the recipe are worse', () => {
    const [warning] = warningsOf(judged({ red: { auc: 0.9 }, recipe: { auc: 0.88 } }))
    expect(warning).toMatch(
      /^Shifts may harm here: .* an AUC of 88\.00 %, .* plain training 90\.00 %/,
    )
    for (const auc of [0.9, 0.91])
      expect(warningsOf(judged({ red: { auc: 0.9 }, recipe: { auc } }))).toEqual([])
    // Where nothing was learnt, the difference is noise.
    const [noise, ...others] = warningsOf(
      judged({ red: { auc: 0.52 }, recipe: { auc: 0.51 } }),
      facts,
    )
    expect(noise).toContain('Nothing was learnt.')
    expect(others.join(' ')).not.toContain('Shifts may harm')
  })
})
