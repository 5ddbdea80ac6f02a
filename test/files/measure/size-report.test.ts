import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { tensor } from '@tensorflow/tfjs-core'
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { compressedTypes } from '../../../src/files/codecs/codecs.js'
import { fileHandler } from '../../../src/files/disk/file-handler.js'
import type { FileSize } from '../../../src/files/measure/file-size.js'
import { sizeReport } from '../../../src/files/measure/size-report.js'
import { saveCompressed } from '../../../src/files/save-compressed.js'
import { saveQuantised } from '../../../src/files/save-quantised.js'
import { strip } from '../../../src/files/strip.js'
import { withMasks } from '../../../src/layers/with-masks.js'
import type { Mask } from '../../../src/masks/mask.js'
import { computeMask } from '../../../src/step/compute-mask.js'

const STOCK = ['uint8', 'uint16', 'float16', 'float32'] as const

const seeded = (seed: number) => ({ kernelInitializer: initializers.glorotNormal({ seed }) })

function smallModel(): LayersModel {
  const { conv2d, flatten, batchNormalization, dense } = layers
  return sequential({
    layers: [
      conv2d({
        name: 'conv',
        filters: 8,
        kernelSize: 3,
        inputShape: [6, 6, 2],
        biasInitializer: 'ones',
        ...seeded(1),
      }),
      batchNormalization({ name: 'norm' }),
      flatten(),
      dense({ name: 'out', units: 10, useBias: false, ...seeded(2) }),
    ],
  })
}

/** The files that a save leaves in a folder. */
async function filesOf(save: (folder: string) => Promise<unknown>): Promise<Buffer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'size-report-'))
  try {
    await save(folder)
    return readdirSync(folder).map((name) => readFileSync(join(folder, name)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function written(
  model: LayersModel,
  mask: Mask | undefined,
  { file, type }: FileSize,
): Promise<Buffer[]> {
  const options = mask ? { mask } : {}
  if (file === 'container') {
    return filesOf((folder) =>
      saveCompressed(model, join(folder, 'model.tfpr'), {
        ...options,
        type: type as 'float32',
      }),
    )
  }
  if (type !== 'float32') {
    return filesOf((folder) => saveQuantised(model, folder, { ...options, type: type as 'uint8' }))
  }
  const plain = strip(model, mask && { mask })
  try {
    return await filesOf((folder) => plain.save(fileHandler(folder)))
  } finally {
    plain.dispose()
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

describe('sizeReport', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['with a mask', 0.1],
    ['without one', 1],
  ] as const)(
    'sizeReport tells the bytes of the files that are really written, %s',
    async (_, density) => {
      const model = smallModel()
      const mask = density < 1 ? await computeMask(model, { density }) : undefined
      const { files } = await sizeReport(model, mask && { mask })
      expect(files.map(({ file, type }) => `${file} ${type}`)).toEqual([
        ...STOCK.map((type) => `stock ${type}`),
        ...compressedTypes.map((type) => `container ${type}`),
      ])
      for (const row of files) {
        const buffers = await written(model, mask, row)
        const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
        expect([row.file, row.type, row.bytes]).toEqual([
          row.file,
          row.type,
          sum(buffers.map((b) => b.length)),
        ])
        // A file of weights is named after its contents, here by zeros: a few bytes of text when
        // deflated.
        expect(Math.abs(row.gzip - sum(buffers.map((b) => gzipSync(b).length)))).toBeLessThan(20)
        const sent = sum(buffers.map((b) => brotliCompressSync(b, brotli).length))
        expect(Math.abs(row.brotli! - sent)).toBeLessThan(20)
      }
      model.dispose()
    },
  )

  it('sizeReport counts what a mask keeps, in all and weight by weight', async () => {
    const model = smallModel()
    const mask = await computeMask(model, { density: 0.1 })
    const report = await sizeReport(model, { mask })
    const kernels = Object.fromEntries(mask.weights.map(({ name, kept }) => [name, kept]))
    expect(report.parameters).toBe(model.countParams())
    expect(report.weights.map(({ name, size, kept }) => [name, size, kept])).toEqual([
      ['conv/kernel', 144, kernels['conv/kernel']],
      ['conv/bias', 8, 8],
      ['norm/gamma', 8, 8],
      ['norm/beta', 8, 0],
      ['out/kernel', 1280, kernels['out/kernel']],
      ['norm/moving_mean', 8, 0],
      ['norm/moving_variance', 8, 8],
    ])
    expect(report.kept).toBe(sum(report.weights.map(({ kept }) => kept)))
    expect(report.density).toBe(report.kept / report.parameters)
    for (const { kept, size, density } of report.weights) expect(density).toBe(kept / size)
    model.dispose()
  })

  it('sizeReport shares the bytes of a file out to the weights', async () => {
    const model = smallModel()
    const { files, weights } = await sizeReport(model, {
      mask: await computeMask(model, { density: 0.1 }),
    })
    for (const { file, type, bytes } of files) {
      const all = sum(weights.map((weight) => (weight[file] as Record<string, number>)[type]!))
      // What is left is the topology.
      expect(bytes - all).toBeGreaterThan(300)
      expect(bytes - all).toBeLessThan(3000)
    }
    const kernel = weights.find(({ name }) => name === 'out/kernel')!
    expect(kernel.stock).toEqual({ uint8: 1280, uint16: 2560, float16: 2560, float32: 5120 })
    const bias = weights.find(({ name }) => name === 'conv/bias')!
    expect(bias.stock).toEqual({ uint8: 32, uint16: 32, float16: 32, float32: 32 })
    expect(bias.container.codebook4).toBe(bias.container.float32)
    model.dispose()
  })

  it('sizeReport bounds each file by N (H(p) + p b) / 8 over its weights, and the container comes near', async () => {
    const dense = layers.dense({
      name: 'out',
      units: 200,
      inputShape: [500],
      useBias: false,
      ...seeded(3),
    })
    const model = sequential({ layers: [dense] })
    const { files, weights } = await sizeReport(model, {
      mask: await computeMask(model, { density: 0.05 }),
    })
    const p = 0.05
    const entropy = -p * Math.log2(p) - (1 - p) * Math.log2(1 - p)
    for (const { file, type, bound } of files) {
      const bits =
        { uint8: 8, uint16: 16, float16: 16, float32: 32, int8: 8 }[type as 'int8'] ??
        Number(type.at(-1))
      expect(bound).toBeCloseTo((100_000 * (entropy + p * bits)) / 8, 6)
      if (file === 'container') expect(weights[0]!.bound[type as 'int8']).toBe(bound)
    }
    const codebook = files.find(({ type }) => type === 'codebook4')!
    expect(weights[0]!.container.codebook4).toBeLessThan(codebook.bound * 1.03)
    model.dispose()
  })

  it('sizeReport narrows the weights that are selected, and no others', async () => {
    const model = smallModel()
    const { weights } = await sizeReport(model, { select: 'out' })
    const bytes = Object.fromEntries(weights.map(({ name, stock }) => [name, stock.uint8]))
    expect([bytes['conv/kernel'], bytes['out/kernel']]).toEqual([4 * 144, 1280])
    model.dispose()
  })

  it('sizeReport goes through JSON as it is', async () => {
    const model = smallModel()
    const report = await sizeReport(model)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    model.dispose()
  })

  it('sizeReport leaves Brotli out where the platform has none', async () => {
    const model = smallModel()
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as unknown as object)
    const { files } = await sizeReport(model)
    expect(files.every((row) => !('brotli' in row) && row.gzip > 0)).toBe(true)
    model.dispose()
  })

  it('sizeReport of masking layers is that of stock ones', async () => {
    const model = smallModel()
    const mask = await computeMask(model, { density: 0.1 })
    const masking = withMasks(model, mask)
    const [own, stock] = [await sizeReport(masking), await sizeReport(model, { mask })]
    expect(own.weights).toEqual(stock.weights)
    model.dispose()
    masking.dispose()
  })

  it('sizeReport of a model without weights has no weights, and density 1', async () => {
    const model = sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] })
    const { parameters, density, weights, files } = await sizeReport(model)
    expect([parameters, density, weights, files[0]!.bound]).toEqual([0, 1, [], 0])
  })

  it('sizeReport changes nothing and leaves no tensors', async () => {
    const model = smallModel()
    const mask = await computeMask(model, { density: 0.1 })
    const before = model.getWeights().map((weight) => weight.dataSync().slice())
    await expect(() => sizeReport(model, { mask })).toLeaveNoTensors()
    expect(model.getWeights().map((weight) => weight.dataSync().slice())).toEqual(before)
    model.dispose()
  })

  it('sizeReport refuses a mask of another model, a selector that names nothing and an unknown option', async () => {
    const [model, other] = [
      smallModel(),
      sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] }),
    ]
    const mask = await computeMask(other, { density: 0.5 })
    await expect(sizeReport(model, { mask })).rejects.toThrow(
      /^Cannot use the mask: expected the weight .* in the model/,
    )
    await expect(sizeReport(model, { select: 'nowhere' })).rejects.toThrow(RangeError)
    const typo = { selected: 'out' } as object
    const message =
      'Cannot report the sizes: expected options among mask, select, onProgress, signal, got selected: did you mean select?'
    await expect(sizeReport(model, typo)).rejects.toThrow(new TypeError(message))
    for (const one of [model, other]) one.dispose()
  })

  const rows = (list: readonly Pick<FileSize, 'file' | 'type'>[]) =>
    list.map(({ file, type }) => `${file} ${type}`)
  const everyRow = [
    ...STOCK.map((type) => `stock ${type}`),
    ...compressedTypes.map((type) => `container ${type}`),
  ]

  it('sizeReport says of float16 that it cannot hold a large value, and measures the other types', async () => {
    const model = smallModel()
    const [whole, mask] = [await sizeReport(model), await computeMask(model, { density: 0.5 })]
    const kernel = model.getWeights()[0]!.dataSync().slice()
    const pruned = mask.weights[0]!.values.indexOf(0)
    kernel[pruned] = 70_000
    model.getLayer('conv').setWeights([tensor(kernel, [3, 3, 2, 8]), model.getWeights()[1]!])
    const report = await sizeReport(model)
    const reason = `expected values between -65504 and 65504 in conv/kernel for float16, got 70000 at ${pruned}`
    expect(report.refused).toEqual([
      { file: 'stock', type: 'float16', reason },
      { file: 'container', type: 'float16', reason },
    ])
    expect(rows(report.files)).toEqual(everyRow.filter((row) => !row.endsWith('float16')))
    expect(Object.keys(report.weights[0]!.container)).toEqual(
      compressedTypes.filter((type) => type !== 'float16'),
    )
    expect(report.weights.map(({ bound }) => bound)).toEqual(
      whole.weights.map(({ bound }) => bound),
    )
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    // Where the value is pruned, all types hold the model.
    expect((await sizeReport(model, { mask })).refused).toEqual([])
    model.dispose()
  })

  it('sizeReport of a model with NaN has the rows of float32', async () => {
    const model = sequential({ layers: [layers.dense({ name: 'out', units: 2, inputShape: [3] })] })
    model.setWeights([tensor([1, Number.NaN, 3, 4, 5, 6], [3, 2]), tensor([0, 0])])
    const { files, refused } = await sizeReport(model)
    expect(rows(files)).toEqual(everyRow.filter((row) => row.endsWith('float32')))
    expect(rows(refused)).toEqual(everyRow.filter((row) => !row.endsWith('float32')))
    for (const { reason } of refused)
      expect(reason).toMatch(/^expected .* in out\/kernel for .*, got NaN at 1$/)
    await expect(() => sizeReport(model)).toLeaveNoTensors()
    model.dispose()
  })

  it('sizeReport stops at a signal, with its reason, and leaves no tensors', async () => {
    const model = smallModel()
    const stopped = async () => {
      const [stop, reason] = [new AbortController(), new Error('enough')]
      const report = sizeReport(model, { signal: stop.signal })
      // It has begun: the signal was looked at before.
      stop.abort(reason)
      await expect(report).rejects.toBe(reason)
    }
    await expect(stopped).toLeaveNoTensors()
    const error = new TypeError('Cannot report the sizes: expected an AbortSignal as signal, got 5')
    await expect(sizeReport(model, { signal: 5 as unknown as AbortSignal })).rejects.toThrow(error)
    model.dispose()
  })
})
