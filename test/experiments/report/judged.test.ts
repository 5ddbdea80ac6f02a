import { describe, expect, it } from 'vitest'
import { judge, overLevels, runsOf } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { SYSTEM_NAMES } from '../../../experiments/class-dependent/report/system-names.js'
import { systems } from '../../../experiments/class-dependent/systems/systems.js'
import { fabricatedRow, fabricatedRows, fabricatedTuning } from './fabricated-rows.js'

describe('judge', () => {
  it('judge takes the runs at the point that tuning chose, and tells the others', () => {
    const rows = [
      ...fabricatedTuning('red', { 0.003: 0.9, 0.01: 0.95, 0.03: null }),
      ...fabricatedRows({ red: {} }, 3),
      { ...fabricatedRow('red', 1), rate: 0.003 },
      { ...fabricatedRow('red', 4), levels: null },
    ]
    const { runs, setAside, diverged, choices, systems } = judge(studiesOf(rows)[0]!)
    expect(systems).toEqual(['red'])
    expect(runs.map(({ seed, rate }) => [seed, rate])).toEqual([
      [1, 0.01],
      [2, 0.01],
      [3, 0.01],
      [4, 0.01],
    ])
    expect(runs[3]!.levels.map(({ auc }) => auc)).toEqual(Array(7).fill(0.5)) // as by chance
    expect(setAside.map(({ rate }) => rate)).toEqual([0.003])
    expect(diverged.map(({ seed }) => seed)).toEqual([4])
    expect(choices[0]!.point).toEqual({ rate: 0.01, epochs: 12 })
  })

  it('judge gives no system a longer trial at another rate than its best one', () => {
    const longer = (rate: number, auc: number) =>
      fabricatedTuning('red', { [rate]: auc }).map((row) => ({ ...row, epochs: 24 }))
    const short = fabricatedTuning('red', { 0.003: 0.9, 0.01: 0.95 })
    const point = (rows: Parameters<typeof studiesOf>[0]) =>
      judge(studiesOf(rows)[0]!).choices[0]!.point
    expect(point([...short, ...longer(0.003, 0.99)])).toEqual({ rate: 0.01, epochs: 12 })
    expect(point([...short, ...longer(0.01, 0.99)])).toEqual({ rate: 0.01, epochs: 24 })
  })

  it('judge refuses tuning on a seed that is reported', () => {
    const rows = [...fabricatedTuning('red', { 0.01: 0.9 }), fabricatedRow('red', 101)]
    expect(() => judge(studiesOf(rows)[0]!)).toThrow(/apart from those that are reported/)
  })

  it('overLevels is the mean over the levels, and undefined where one is missing', () => {
    const judged = judge(studiesOf(fabricatedRows({ red: {}, short: { levels: 3 } }, 1))[0]!)
    const [red, short] = ['red', 'short'].map((system) => runsOf(judged, system)[0]!)
    expect(overLevels(red!, 'multiplyAdds', [1, 2])).toBe(37.5)
    expect(overLevels(short!, 'multiplyAdds', [1, 2])).toBe(37.5)
    expect(overLevels(short!, 'multiplyAdds', [2, 3])).toBeUndefined()
  })
})

describe('studiesOf', () => {
  it('studiesOf parts rows by set and network, the sets of the study first', () => {
    const rows = ['own', 'melanoma', 'xrays'].flatMap((set) =>
      ['mobileNet', 'cnn'].map((network) => ({ ...fabricatedRow('red', 1), set, network })),
    )
    expect(studiesOf(rows).map(({ set, network }) => `${set} ${network}`)).toEqual([
      ...['xrays cnn', 'xrays mobileNet', 'melanoma cnn', 'melanoma mobileNet'],
      ...['own cnn', 'own mobileNet'],
    ])
  })
})

describe('SYSTEM_NAMES', () => {
  it('SYSTEM_NAMES has words for each system of the study, and no others', () => {
    expect(Object.keys(SYSTEM_NAMES).sort()).toEqual(Object.keys(systems).sort())
  })
})
