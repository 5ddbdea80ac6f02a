import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomNormal, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { evaluateOn, fit, prune } from 'tfjs-prune'
import { folderStore } from 'tfjs-prune/runs'
import { beforeAll, describe, expect, test } from 'vitest'
import { report } from '../../src/cli/commands/report.js'
import { temporaryFolder } from './support.js'

const folder = temporaryFolder()
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [8] })] })
  const data = { xs: randomNormal([8, 8], 0, 1, 'float32', 1), ys: [0, 1, 0, 1, 0, 1, 0, 1] }
  await prune(model, {
    train: fit(data, { optimizer: () => train.sgd(0.01), epochs: 1, seed: 1 }),
    evaluate: evaluateOn(data, { positiveClass: 1 }),
    schedule: [1, 0.5],
    store: folderStore(at('run')),
  })
  data.xs.dispose()
  model.dispose()
})

describe('report', () => {
  test('report writes the page of a stored run, with its charts', async () => {
    const outcome = await report(at('run'), at('report.html'), { title: 'Cracks & misses' })
    expect(outcome).toMatchObject({ rounds: 2, charts: true })
    expect(outcome.bytes).toBe(statSync(at('report.html')).size)
    const page = readFileSync(at('report.html'), 'utf8')
    expect(page).toContain('Cracks &amp; misses')
    expect(page).toContain('<svg')
  })

  test('report refuses a page that is there, a folder for it, and a folder without a run', async () => {
    writeFileSync(at('mine.html'), 'mine')
    await expect(report(at('run'), at('mine.html'))).rejects.toThrow('--force replaces it')
    mkdirSync(at('empty'))
    for (const page of [at('empty'), at('pages/')]) {
      const reporting = report(at('run'), page, { force: true })
      await expect(reporting).rejects.toThrow('expected a file such as report.html, got a folder')
    }
    await expect(report(at('run'), at('x.json'))).rejects.toThrow('got a name that ends in .json')
    await expect(report(at('empty'), at('none.html'))).rejects.toThrow('expected a finished round')
    expect(existsSync(at('none.html'))).toBe(false)
  })
})
