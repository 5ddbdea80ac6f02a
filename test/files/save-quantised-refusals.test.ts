import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it, vi } from 'vitest'
import { type SaveQuantisedOptions, saveCompressed, saveQuantised } from '../../src/files/index.js'
import { modelWeights } from '../../src/internal/model-weights.js'
import { assignValues } from '../../src/internal/weight-values.js'
import { lateRefusalOf } from '../support/refusal-of.js'
import { everyFourth, smallModel } from '../support/small-models.js'
import { collecting } from './collecting.js'
import { stockValues } from './stock-values.js'

/** Asserts that the handler was not called, and gives the error. */
async function refusal(model: LayersModel, options: object = { type: 'uint8' }): Promise<string> {
  const handler = collecting()
  const message = await lateRefusalOf(() =>
    saveQuantised(model, handler, options as SaveQuantisedOptions),
  )
  expect(handler.calls).toBe(0)
  return message
}

/** The small model with one value of a weight replaced. */
function withValue(name: string, value: number): LayersModel {
  const model = smallModel()
  const { variable } = modelWeights(model).find((weight) => weight.name === name)!
  const values = (variable.dataSync() as Float32Array).slice()
  values[3] = value
  assignValues(variable, values)
  return model
}

const toHandler = (handler: unknown) =>
  lateRefusalOf(() => saveQuantised(smallModel(), handler as io.IOHandler, { type: 'uint8' }))

describe('saveQuantised, bad input', () => {
  it.each<[object | null, RegExp]>([
    [null, /^TypeError: .*object of options with type, got null/],
    [{}, /^RangeError: .*type to be 'uint8' or 'uint16' or 'float16', got undefined/],
    [{ type: 'int8' }, /^RangeError: .*got "int8"/],
    [
      { type: 'uint8', dtype: 'uint8' },
      /^TypeError: .*among type, mask, select, decision, onProgress, signal, got dtype/,
    ],
    [
      { type: 'uint8', select: 'hiden' },
      /^RangeError: .*select to name one of hidden\/kernel, .*got hiden/,
    ],
    [{ type: 'uint8', select: 7 }, /^TypeError: .*in select, got 7/],
  ])('saveQuantised refuses the options %j', async (options, message) => {
    expect(await refusal(smallModel(), options as object)).toMatch(message)
  })

  it('saveQuantised refuses a mask of another model, and what is no model', async () => {
    const other = sequential({
      layers: [layers.dense({ name: 'other', units: 2, inputShape: [4] })],
    })
    const mask = everyFourth(other)
    expect(await refusal(smallModel(), { type: 'uint8', mask })).toMatch(
      /^RangeError: Cannot use the mask: .*other/,
    )
    expect(await refusal({} as never)).toMatch(/^TypeError: .*expected a LayersModel, .*got object/)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'saveQuantised refuses %f in a weight to quantise, and names it',
    async (value) => {
      for (const type of ['uint8', 'uint16', 'float16']) {
        const message = await refusal(withValue('hidden/kernel', value), { type })
        expect(message).toMatch(
          new RegExp(`^RangeError: .*in hidden/kernel for ${type}, got ${value} at 3$`),
        )
      }
    },
  )

  it('saveQuantised stores a pruned NaN as 0, and leaves one in a bias, as model.save does', async () => {
    const model = withValue('hidden/kernel', Number.NaN)
    const handler = collecting()
    await saveQuantised(model, handler, { type: 'uint8', mask: everyFourth(model) })
    expect(handler.calls).toBe(1)
    await saveQuantised(withValue('hidden/bias', Number.NaN), handler, { type: 'uint8' })
    expect(handler.calls).toBe(2)
  })

  it('saveQuantised refuses what float16 cannot hold, and what uint8 would turn into infinity', async () => {
    const float16 = await refusal(withValue('out/kernel', -65505), { type: 'float16' })
    expect(float16).toMatch(
      /^RangeError: .*between -65504 and 65504 in out\/kernel for float16, got -65505 at 3$/,
    )
    expect(await refusal(withValue('out/kernel', 3.4e38), { type: 'uint8' })).toMatch(
      /^RangeError: .*got 3\.\d+e\+38/,
    )
    for (const [value, type] of [
      [65504, 'float16'],
      [3.3e38, 'uint8'],
      [-3.4e38, 'uint16'],
    ] as const) {
      const handler = collecting()
      await saveQuantised(withValue('out/kernel', value), handler, { type })
      const { values } = stockValues(handler.artifacts)['out/kernel']!
      expect(values.every(Number.isFinite), `${value} as ${type}`).toBe(true)
    }
  })

  it('saveQuantised refuses two weights of one name, which stock tfjs could not load', async () => {
    const same = (units: number, width: number) =>
      layers.dense({ name: 'same', units, inputShape: [width] })
    const nested = sequential({ layers: [same(3, 4), sequential({ layers: [same(2, 3)] })] })
    expect(await refusal(nested)).toMatch(
      /^RangeError: .*layer names that differ.*got same\/kernel twice$/,
    )
  })

  it('saveQuantised refuses handlers that cannot save', async () => {
    expect(await toHandler({ load: async () => ({}) })).toMatch(
      /^TypeError: .*save function, got a handler without save/,
    )
    expect(await toHandler(undefined)).toMatch(/^TypeError: .*got undefined/)
    expect(await toHandler(7)).toMatch(/^TypeError: .*got 7/)
    expect(await toHandler('')).toMatch(/^RangeError: .*expected a path, got ''/)
  })

  it('saveQuantised refuses URLs that tfjs has no handler for here, or several', async () => {
    expect(await toHandler('nowhere://model')).toMatch(
      /^RangeError: .*one save handler for here, got nowhere:\/\/model$/,
    )
    expect(await toHandler('indexeddb://model')).toMatch(/^RangeError: .*got indexeddb:\/\/model$/)
    const handlers = [collecting(), collecting()]
    for (const handler of handlers) {
      io.registerSaveRouter((url) =>
        String(url).startsWith('twice://') ? handler : (null as never),
      )
    }
    expect(await toHandler('twice://model')).toMatch(/^RangeError: .*got twice:\/\/model with 2$/)
    expect(handlers.map(({ calls }) => calls)).toEqual([0, 0])
  })

  it('saveQuantised saves to a URL that tfjs has a handler for', async () => {
    const handler = collecting()
    io.registerSaveRouter((url) => (url === 'memo://model' ? handler : (null as never)))
    await saveQuantised(smallModel(), 'memo://model', { type: 'uint8' })
    expect(handler.calls).toBe(1)
  })

  it.each([
    ['saveQuantised', saveQuantised],
    ['saveCompressed', saveCompressed],
  ] as const)('%s tells that a path needs Node before it reads the model', async (_, save) => {
    const lookUp = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    const told: number[] = []
    const onProgress = (fraction: number) => void told.push(fraction)
    const saving = () => save(smallModel(), 'model', { type: 'float16', onProgress })
    const message = await lateRefusalOf(saving)
    lookUp.mockRestore()
    expect(message).toMatch(/^Error: .*expected Node .*got a platform without files/)
    expect(told).toEqual([])
  })
})
