// The command line where nothing but the package is installed: no backend, no vega.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { compressedHandler, fileHandler } from 'tfjs-prune/files'

/** Calls the command line as a shell does. */
function call(...words) {
  const env = { ...process.env, NO_COLOR: '1' }
  const { status, stdout, stderr } = spawnSync('npx', ['--no', 'tfjs-prune', ...words], {
    encoding: 'utf8',
    env,
  })
  return { code: status, printed: stdout, told: stderr }
}

assert.match(call('--version').printed, /^\d+\.\d+\.\d+\n$/)

// There is no backend to build a model on, so that its JSON is written by hand.
const config = { name: 'dense', units: 4, use_bias: false, batch_input_shape: [null, 8] }
const layers = [{ class_name: 'Dense', config }]
const modelTopology = { class_name: 'Sequential', config: { name: 'model', layers } }
const weights = Float32Array.from({ length: 32 }, (_, i) => Math.sin(i + 1))
await fileHandler('model').save({
  modelTopology,
  weightSpecs: [{ name: 'dense/kernel', shape: [8, 4], dtype: 'float32' }],
  weightData: weights.buffer,
})

const inspected = call('inspect', 'model', '--json')
assert.equal(inspected.code, 0, inspected.told)
assert.equal(inspected.told, '')
assert.equal(JSON.parse(inspected.printed).parameters, 32)

const pruned = call('prune', 'model', 'pruned.tfpr', '--density', '0.25')
assert.equal(pruned.code, 0, pruned.told)
assert.match(pruned.told, /^Computing on the cpu backend/)
assert.match(pruned.printed, /8 of 32 prunable weights are kept/)
assert.match(pruned.printed, /Misses were not measured/)
const { weightSpecs } = await compressedHandler('pruned.tfpr').load()
assert.equal(weightSpecs.length, 1)

const again = call('prune', 'model', 'pruned.tfpr', '--density', '0.25')
assert.equal(again.code, 1)
assert.equal(again.printed, '')
assert.match(again.told, /--force replaces it/)

const shrunk = call('shrink', 'model', 'small')
assert.equal(shrunk.code, 0, shrunk.told)
assert.ok(existsSync('small/model.json'))

const written = call('onnx', 'model', 'model.onnx')
assert.equal(written.code, 0, written.told)

assert.equal(call('inspcet', 'model').code, 2)
assert.match(call('inspcet', 'model').told, /Did you mean inspect\?/)
assert.equal(call('prune', 'model', 'x', '--density', '2').code, 2)
const wasm = call('shrink', 'model', 'never', '--backend', 'wasm')
assert.equal(wasm.code, 1)
assert.match(wasm.told, /npm install @tensorflow\/tfjs-backend-wasm/)
assert.equal(existsSync('never'), false)
assert.deepEqual(
  readdirSync('.').filter((name) => name.endsWith('.tmp')),
  [],
)
