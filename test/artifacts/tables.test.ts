import { expect, test } from 'vitest'
import { pruneWeights } from '../../src/index.js'

/** A graph that looks up in two tables: one of rows, one of single numbers. */
const tables = () => {
  const node = [
    { name: 'x', op: 'Placeholder', input: [] },
    { name: 'rows', op: 'Const', input: [] },
    { name: 'list', op: 'Const', input: [] },
    { name: 'embedded', op: 'GatherV2', input: ['rows', 'x'] },
    { name: 'scaled', op: 'GatherV2', input: ['list', 'x'] },
  ]
  const weightSpecs = [
    { name: 'rows', shape: [2, 2], dtype: 'float32' as const },
    { name: 'list', shape: [4], dtype: 'float32' as const },
  ]
  const weightData = Float32Array.of(4, 3, 2, 1, 8, 7, 6, 5).buffer
  return { modelTopology: { node }, weightSpecs, weightData }
}

test('pruneWeights prunes a table of rows in a graph, not one of single numbers', async () => {
  const { mask, artifacts } = await pruneWeights(tables(), { density: 0.5 })
  expect(mask.weights.map(({ name }) => name)).toEqual(['rows'])
  expect([...new Float32Array(artifacts.weightData as ArrayBuffer)]).toEqual([
    4, 3, 0, 0, 8, 7, 6, 5,
  ])
})

test.each([
  ['the best of a score', 'TopKV2', ['x']],
  ['overlapping boxes', 'NonMaxSuppressionV3', ['x', 'x']],
  ['the number of samples', 'Range', ['x']],
  ['constants', 'Const', []],
  ['the largest score, moved', 'ArgMax', ['x']],
])(
  'pruneWeights leaves a table of anchors whole whose places are from %s',
  async (_, op, input) => {
    const { modelTopology, ...weights } = tables()
    const node = [
      ...modelTopology.node.filter(({ name }) => name !== 'embedded'),
      { name: 'chosen', op, input },
      { name: 'cast', op: 'Cast', input: ['chosen:1'] },
      { name: 'boxes', op: 'GatherV2', input: ['rows', 'cast'] },
      { name: 'kernel', op: 'Const', input: [] },
      { name: 'product', op: 'MatMul', input: ['boxes', 'kernel'] },
    ]
    const kernel = { name: 'kernel', shape: [2, 2], dtype: 'float32' as const }
    const values = Float32Array.of(...new Float32Array(weights.weightData), 1, 2, 3, 4)
    const weightSpecs = [...weights.weightSpecs, kernel]
    const source = { modelTopology: { node }, weightSpecs, weightData: values.buffer }
    const { mask } = await pruneWeights(source, { density: 0.5 })
    expect(mask.weights.map(({ name }) => name)).toEqual(['kernel'])
  },
)

test('pruneWeights leaves a table out that looks like an embedding, by its name', async () => {
  const pruning = pruneWeights(tables(), { density: 0.5, select: { exclude: 'rows' } })
  await expect(pruning).rejects.toThrow('got a selection that leaves out all of rows')
})
