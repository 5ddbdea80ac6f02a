import { describe, expect, it } from 'vitest'
import { judge } from '../../../experiments/class-dependent/report/judged.js'
import { studiesOf } from '../../../experiments/class-dependent/report/studies.js'
import { judgeClaims } from '../../../experiments/class-dependent/report/verdicts.js'
import type { StudyRow } from '../../../experiments/class-dependent/rows.js'
import { type Fabricated, fabricatedRows } from './fabricated-rows.js'

const judgedOf = (rows: readonly StudyRow[]) => judgeClaims(judge(studiesOf(rows)[0]!))
const verdicts = (systems: Readonly<Record<string, Fabricated>>, seeds?: number) =>
  judgedOf(fabricatedRows(systems, seeds)).map(({ claim, verdict }) => [
    `${claim.own.system} ${claim.wanted} ${claim.other.system} ${claim.figure}`,
    verdict,
  ])
const verdict = (name: string, systems: Readonly<Record<string, Fabricated>>, seeds?: number) =>
  verdicts(systems, seeds).find(([claim]) => claim === name)?.[1]

describe('judgeClaims', () => {
  it('judgeClaims holds a claim whose interval and p-value lie on its side', () => {
    expect(verdict('green lower red fnr', { red: {}, green: { misses: 0.5 } })).toBe('held')
    expect(verdict('black higher red auc', { red: {}, black: { auc: 0.96 } })).toBe('held')
  })

  it('judgeClaims refutes a claim on the other side', () => {
    expect(verdict('green lower red fnr', { red: {}, green: { misses: 1.2 } })).toBe('refuted')
    expect(verdict('black higher red auc', { red: {}, black: { auc: 0.94 } })).toBe('refuted')
  })

  it('judgeClaims holds a claim of a size that is not reached as smaller', () => {
    const name = 'green lower red fnr'
    expect(verdict(name, { red: {}, green: { misses: 0.66 } })).toBe('held, but smaller')
    expect(verdict(name, { red: {}, green: { misses: 0.64 } })).toBe('held')
  })

  it('judgeClaims does not show a claim by too few seeds, or without a difference', () => {
    const name = 'green lower red fnr'
    expect(verdict(name, { red: {}, green: { misses: 0.5 } }, 8)).toBe('too few seeds')
    expect(verdict(name, { red: {}, green: {} })).toBe('not shown')
  })

  it('judgeClaims reads all claims of a side together, those without rows included', () => {
    const higher = 'black higher red auc'
    const systems = { red: {}, black: { auc: 0.97 } }
    expect(verdict(higher, systems, 8)).toBe('too few seeds') // .0078 by 7 claims
    expect(verdict(higher, systems, 9)).toBe('held')
  })

  it('judgeClaims tells nearness by the margin of 2 points', () => {
    const name = 'green near red fnr'
    expect(verdict(name, { red: {}, green: { misses: 0.7 } })).toBe('held')
    expect(verdict(name, { red: {}, green: { misses: 1.2 } })).toBe('refuted')
    expect(verdict(name, { red: {}, green: { misses: 0.7 } }, 4)).toBe('too few seeds')
  })

  it('judgeClaims compares a network that is not pruned by its only level', () => {
    const name = 'black higher separable auc'
    const systems = { red: {}, black: { auc: 0.97 } }
    expect(verdict(name, { ...systems, separable: { levels: 1, auc: 0.9 } })).toBe('held')
    expect(verdict(name, { ...systems, separable: { levels: 1, auc: 0.99 } })).toBe('refuted')
  })

  it('judgeClaims says where there are no rows', () => {
    const found = verdicts({ red: {} })
    expect(found.length).toBe(9)
    expect(new Set(found.map(([, verdict]) => verdict))).toEqual(new Set(['no rows']))
  })
})
