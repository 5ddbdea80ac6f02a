// Files of the paper's AlexNet at its levels: the container beside dense, gzip, stock uint8,
// bitmap, CSR and the entropy bound.
import { gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import { io, randomNormal } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { applyMask, computeMask, type Mask } from 'tfjs-prune'
import { compressedHandler, saveQuantised, strip } from 'tfjs-prune/files'
import { startWasm } from '../examples/support/backend.js'
import { containerBytes } from './support/files.js'
import { bestOf, report } from './support/measure.js'
import { alexNet } from './support/networks.js'

const LEVELS = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.0157]
const TYPES = {
  float32: 32,
  float16: 16,
  int8: 8,
  codebook6: 6,
  codebook5: 5,
  codebook4: 4,
} as const

/** model.json and weights side by side, as stock tfjs keeps them. */
async function stockFile(save: (handler: io.IOHandler) => Promise<unknown>): Promise<Uint8Array> {
  let bytes = new Uint8Array()
  await save(
    io.withSaveHandler(async ({ weightData, weightSpecs, ...rest }) => {
      const json = JSON.stringify({
        ...rest,
        weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
      })
      bytes = Buffer.concat([
        Buffer.from(json),
        new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
      ])
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } }
    }),
  )
  return bytes
}

/** Bytes of all positions, as the header tells. */
function positionBytes(file: Uint8Array): number {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(8, true)
  const { weights } = JSON.parse(inflateRawSync(file.subarray(20, 20 + length)).toString())
  return weights.reduce(
    (sum: number, weight: { positionBytes: number }) => sum + weight.positionBytes,
    0,
  )
}

const entropy = (p: number) => (p === 1 ? 0 : -p * Math.log2(p) - (1 - p) * Math.log2(1 - p))

/** N (H(p) + p b) / 8 with p of all weights, and summed over the weights with p of each. */
function boundsOf(
  { size, density, weights }: Mask,
  bits: number,
): { inAll: number; byWeight: number } {
  const bytes = (count: number, p: number) => (count * (entropy(p) + p * bits)) / 8
  const parts = weights.map(({ values, kept }) => bytes(values.length, kept / values.length))
  return { inAll: bytes(size, density), byWeight: parts.reduce((sum, part) => sum + part, 0) }
}

/** Row pointers and column indices of 4 bytes, values of float32, one matrix a weight. */
function csrBytes({ weights }: Mask): number {
  return weights.reduce((sum, { shape, values, kept }) => {
    return sum + 4 * (values.length / shape.at(-1)! + 1) + 8 * kept
  }, 0)
}

/** Biases are pruned too, so they must not be zero to begin with. */
async function prunedTo(level: number): Promise<{ model: LayersModel; mask: Mask }> {
  const model = alexNet()
  for (const [i, weight] of model.weights.entries()) {
    if (weight.shape.length > 1) continue
    const values = randomNormal(weight.shape as number[], 0, 0.1, 'float32', 100 + i)
    weight.write(values)
    values.dispose()
  }
  const mask = await computeMask(model, { density: level, select: { biases: true } })
  applyMask(model, mask)
  return { model, mask }
}

async function compare(level: number): Promise<void> {
  const { model, mask } = await prunedTo(level)
  const plain = strip(model)
  const dense = await stockFile((handler) => plain.save(handler))
  const quantised = await stockFile((handler) => saveQuantised(model, handler, { type: 'uint8' }))
  const common = { bench: 'container', weights: mask.size, density: mask.density }
  const rows: [string, number][] = [
    ['dense', dense.length],
    ['dense, gzip', gzipSync(dense).length],
    ['stock uint8, gzip', gzipSync(quantised).length],
    ['bitmap and float32', Math.ceil(mask.size / 8) + 4 * mask.kept],
    ['CSR of float32', csrBytes(mask)],
  ]
  for (const [file, bytes] of rows)
    report({ ...common, file, bytes, smaller: dense.length / bytes })
  for (const [values, bits] of Object.entries(TYPES)) {
    const written = await containerBytes(model, values as keyof typeof TYPES)
    const { length: bytes } = written
    const { inAll, byWeight } = boundsOf(mask, bits)
    const positions = positionBytes(written)
    const positionsOfEntropy = positions / boundsOf(mask, 0).byWeight
    const ratios = {
      ofBound: bytes / inAll,
      ofBoundByWeight: bytes / byWeight,
      smaller: dense.length / bytes,
    }
    report({
      ...common,
      file: `container, ${values}`,
      bytes,
      bound: inAll,
      boundByWeight: byWeight,
      ...ratios,
      positions,
      positionsOfEntropy,
    })
  }
  const gzipped = gzipSync(dense)
  const [zip, unzip] = [
    await bestOf(2, () => gzipSync(dense)),
    await bestOf(2, () => gunzipSync(gzipped)),
  ]
  for (const values of ['float32', 'int8', 'codebook5'] as const) {
    const file = await containerBytes(model, values)
    const encode = await bestOf(2, () => containerBytes(model, values))
    const decode = await bestOf(2, () => compressedHandler(file).load!())
    const seconds = { encode, decode, gzip: zip, gunzip: unzip }
    report({
      ...common,
      file: `container, ${values}`,
      seconds,
      encodeRatio: encode / zip,
      decodeRatio: decode / unzip,
    })
  }
  plain.dispose()
  model.dispose()
}

export async function run(): Promise<void> {
  await startWasm()
  for (const level of LEVELS) await compare(level)
}
