import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, WEBGPU } from './launch.js'
import { type PageServer, servePage } from './serve.js'
import type { WebGpuOutcome } from './webgpu-page.js'

describe('in Chromium on WebGPU', () => {
  let browser: Browser
  let server: PageServer
  let cpu: WebGpuOutcome
  let webgpu: WebGpuOutcome
  const complaints: string[] = []

  beforeAll(async () => {
    server = await servePage('test/e2e/webgpu-page.ts')
    browser = await launch(WEBGPU)
    const page = await browser.newPage()
    page.on('pageerror', (error) => complaints.push(String(error)))
    // The device tells of kernels that it refuses nowhere else.
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(server.url)
    await page.waitForFunction(() => typeof window.runOn === 'function')
    cpu = await page.evaluate(() => window.runOn('cpu'))
    webgpu = await page.evaluate(() => window.runOn('webgpu'))
  })

  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  test('losses, the sum of them and their gradients are finite and equal those of cpu to 1e-3', () => {
    expect(Object.keys(webgpu.losses)).toHaveLength(17 * 2)
    for (const [name, [value, ...gradient]] of Object.entries(webgpu.losses)) {
      expectNear([value!, ...gradient], cpu.losses[name]!, 1e-3)
      const hasGradient = gradient.some((slope) => Math.abs(slope) > 1e-3)
      expect(hasGradient, `${name} has a gradient`).toBe(true)
    }
  })

  test.each(['magnitude', 'forClasses of taylor', 'weightedSum of nine'])(
    'the mask of %s is that of cpu',
    (name) => {
      expect(webgpu.masks[name]).toBe(cpu.masks[name])
      expect(webgpu.masks[name]!.replace(/[ 0]/g, '')).toHaveLength((4 * 8 + 8 * 8) / 2)
    },
  )

  test('prune takes half of a network in two rounds and trains as on cpu', () => {
    expect(webgpu.densities).toEqual([1, 0.5])
    expectNear(webgpu.trainingLosses, cpu.trainingLosses, 1e-2)
  })

  test('a model that is saved and loaded puts out the same', () => {
    expect(webgpu.loaded).toEqual(webgpu.outputs)
    expectNear(webgpu.loaded, cpu.outputs, 1e-2)
  })

  test('a NaN in one of ten weights is found', () => {
    expect(webgpu.finite).toEqual([true, false])
  })

  test('shiftImages and mirrorImages give the pixels of cpu, to the last bit', () => {
    expect(Object.keys(webgpu.images)).toHaveLength(9)
    expect(webgpu.images).toEqual(cpu.images)
  })

  test('no tensor is left, and neither page nor device complains', () => {
    expect(webgpu.tensorsLeft).toBe(0)
    const known = /status of 404|synchronously reading data/
    expect(complaints.filter((text) => !known.test(text))).toEqual([])
  })
})

function expectNear(got: readonly number[], wanted: readonly number[], bound: number): void {
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(bound)
  })
}
