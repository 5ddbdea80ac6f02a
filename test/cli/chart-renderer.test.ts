import { expect, test } from 'vitest'
import { chartRenderer } from '../../src/cli/outputs/chart-renderer.js'

const failing = (properties: object) => () =>
  Promise.reject(Object.assign(new Error('Cannot load vega'), properties))

test('chartRenderer gives none where the packages that draw are not installed', async () => {
  expect(await chartRenderer(failing({ code: 'ERR_MODULE_NOT_FOUND' }))).toBeUndefined()
})

test('chartRenderer hands on other faults of these packages', async () => {
  await expect(chartRenderer(failing({}))).rejects.toThrow('Cannot load vega')
})

test('chartRenderer gives the renderer where they are', async () => {
  expect(await chartRenderer()).toBeTypeOf('function')
})
