// Node 20.19 and later can require an ESM package.
const assert = require('node:assert/strict')
const { geometric } = require('tfjs-prune')
const { registerWasmGradients } = require('tfjs-prune/backends/wasm')
const { aucRoc } = require('tfjs-prune/metrics')

assert.equal(geometric({ keep: 0.5 })(2), 0.25)
assert.equal(aucRoc([0, 1], [0.2, 0.8], { positiveClass: 1 }), 1)
assert.equal(typeof registerWasmGradients, 'function')
