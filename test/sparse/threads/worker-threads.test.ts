import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { build } from 'esbuild'
import { applyMask, computeMask } from 'tfjs-prune'
import { saveCompressed } from 'tfjs-prune/files'
import { compileSparse, workerThreads } from 'tfjs-prune/sparse'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countWorkers } from './support.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

async function convolutional(density: number): Promise<LayersModel> {
  const conv = {
    kernelSize: 3,
    padding: 'same',
    activation: 'relu',
    biasInitializer: 'ones',
  } as const
  const made = sequential({
    layers: [
      layers.conv2d({ ...conv, filters: 24, inputShape: [28, 28, 3] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...conv, filters: 32 }),
      layers.flatten(),
      layers.dense({ units: 5 }),
    ],
  })
  applyMask(made, await computeMask(made, { density }))
  return made
}

/** The default needs more of tfjs than core and layers have. */
const uniform = { recurrentInitializer: 'glorotUniform' } as const

const recurrent = () =>
  sequential({ layers: [layers.lstm({ ...uniform, units: 96, inputShape: [6, 60] })] })

const inputOf = (model: LayersModel, batch: number): Float32Array =>
  tf.tidy(() =>
    tf
      .randomNormal([batch, ...(model.inputs[0]!.shape.slice(1) as number[])], 0, 1, 'float32', 3)
      .dataSync<'float32'>(),
  )

describe('workerThreads', () => {
  it.each([
    ...([1, 8, 16, 45] as const).map(
      (batch) => [batch, 'convolutions', () => convolutional(0.3)] as const,
    ),
    ...([1, 20] as const).map((batch) => [batch, 'a recurrent layer', recurrent] as const),
  ])('workerThreads keeps the bits: %i samples, %s', async (batch, _, make) => {
    const model = await make()
    const posts = vi.spyOn(Atomics, 'add')
    const alone = await compileSparse(model)
    const network = await compileSparse(model, { threads: workerThreads({ count: 2 }) })
    const input = inputOf(model, batch)
    const wanted = alone.predict(input) as Float32Array
    expect(posts).not.toHaveBeenCalled()
    for (let turn = 0; turn < 5; turn++) expect(network.predict(input)).toEqual(wanted)
    expect(posts).toHaveBeenCalled() // work was shared
    expect(wanted.some((value) => value !== 0)).toBe(true)
    for (const one of [alone, network]) one.dispose()
  })

  it('workerThreads serves two networks at once, and an update', async () => {
    const workers = countWorkers()
    const threads = workerThreads({ count: 2 })
    expect(workers.started).toBe(0)
    const models = await Promise.all([0.1, 0.6].map(convolutional))
    const networks = await Promise.all(models.map((model) => compileSparse(model, { threads })))
    const alone = await Promise.all(models.map((model) => compileSparse(model)))
    const input = inputOf(models[0]!, 3)
    for (const i of [0, 1, 0, 1])
      expect(networks[i]!.predict(input)).toEqual(alone[i]!.predict(input))
    models[0]!.setWeights(models[1]!.getWeights())
    await networks[0]!.update()
    expect(networks[0]!.predict(input)).toEqual(alone[1]!.predict(input))
    expect(workers.started).toBe(3)
    for (const network of networks) network.dispose()
    await vi.waitFor(() => expect(workers.alive).toBe(0))
  })

  it('workerThreads takes one thread, which starts no worker', async () => {
    const workers = countWorkers()
    const model = await convolutional(0.3)
    const input = inputOf(model, 2)
    const [one, alone] = await Promise.all([
      compileSparse(model, { threads: workerThreads({ count: 1 }) }),
      compileSparse(model),
    ])
    expect(one.predict(input)).toEqual(alone.predict(input))
    expect(workers.started).toBe(0)
  })

  it('workerThreads ends its workers where a network is not compiled', async () => {
    const workers = countWorkers()
    const wide = sequential({ layers: [layers.dense({ units: 2000, inputShape: [600] })] })
    const threads = workerThreads({ count: 3, maximumBytes: 2 ** 20 })
    await expect(compileSparse(wide, { threads })).rejects.toThrow(
      /MB of memory.*set a larger maximumBytes for threads/,
    )
    expect(workers.started).toBe(2)
    await vi.waitFor(() => expect(workers.alive).toBe(0))
  })

  it('workerThreads says that a worker does not start, and ends the others', async () => {
    const workers = countWorkers({ broken: 1 })
    const model = await convolutional(0.3)
    await expect(compileSparse(model, { threads: workerThreads({ count: 4 }) })).rejects.toThrow(
      /got one that does not start \(out of luck\).*blob: in worker-src/,
    )
    expect(workers.started).toBe(3)
    await vi.waitFor(() => expect(workers.alive).toBe(0))
  })

  it('workerThreads outlives a network that is disposed of in the middle of a call', async () => {
    class Disposing extends layers.Layer {
      static className = 'Disposing'
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        network.dispose()
        return tf.clone([inputs].flat()[0]!)
      }
    }
    const made = sequential({
      layers: [
        layers.dense({ units: 300, inputShape: [300] }),
        new Disposing({ name: 'disposing' } as never),
        layers.dense({ units: 300 }),
      ],
    })
    const threads = workerThreads({ count: 2 })
    const network = await compileSparse(made, { threads, tfjs: tf })
    expect(() => network.predict(new Float32Array(300))).toThrow(/got one disposed of/)
  })

  it('workerThreads refuses a host without them before anything starts', () => {
    vi.stubGlobal('crossOriginIsolated', false)
    expect(() => workerThreads({ count: 2 })).toThrow(
      /expected a page that is cross-origin isolated .*Cross-Origin-Embedder-Policy: require-corp/,
    )
    vi.stubGlobal('crossOriginIsolated', undefined)
    vi.stubGlobal('SharedArrayBuffer', undefined)
    expect(() => workerThreads({ count: 2 })).toThrow(/expected a host with SharedArrayBuffer/)
    vi.unstubAllGlobals()
    // Other packages of the process may have set one.
    vi.stubGlobal('Worker', undefined)
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    expect(() => workerThreads({ count: 2 })).toThrow(/expected a host with workers/)
  })

  it('workerThreads and compileSparse refuse wrong options', async () => {
    const make = workerThreads as (options?: unknown) => unknown
    expect(() => make()).toThrow(TypeError)
    expect(() => make({})).toThrow(/expected count to be a whole number from 1 to 64/)
    for (const count of [0, 1.5, 65, Number.NaN]) expect(() => make({ count })).toThrow(RangeError)
    for (const maximumBytes of [2 ** 19, 2 ** 33])
      expect(() => make({ count: 2, maximumBytes })).toThrow(/maximumBytes/)
    const compile = compileSparse as (model: unknown, options: unknown) => Promise<unknown>
    const model = recurrent()
    await expect(compile(model, { threads: 2 })).rejects.toThrow(
      /expected threads as workerThreads\(\{ count: 2 \}\) makes them, got 2/,
    )
    await expect(compile(model, { threads: workerThreads })).rejects.toThrow(
      /makes them, got function/,
    )
  })

  it('workerThreads holds no process up, in a bundle that is minified', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'threads-'))
    try {
      const [bundle, file] = [join(folder, 'program.mjs'), join(folder, 'model.tfpr')]
      await saveCompressed(await convolutional(0.3), file)
      await build({
        stdin: {
          resolveDir: import.meta.dirname,
          contents: `
            import { compileSparse, openCompressed, workerThreads } from 'tfjs-prune/sparse'
            const source = await openCompressed(process.argv[2])
            const threads = workerThreads({ count: 3 })
            const network = await compileSparse(source, { threads })
            const alone = await compileSparse(source)
            const input = new Float32Array(28 * 28 * 3).fill(1)
            const [a, b] = [network, alone].map((one) => one.predict(input))
            process.stdout.write(a.every((value, i) => value === b[i]) ? 'same' : 'different')
          `,
        },
        ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', outfile: bundle },
        tsconfig: 'tsconfig.json',
      })
      const { stdout } = await promisify(execFile)(process.execPath, [bundle, file], {
        timeout: 50_000,
      })
      expect(stdout).toBe('same')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
