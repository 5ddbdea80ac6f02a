// Pages and the most that a bundle of each may hold: packages of tfjs, bytes after gzip. Packages
// stay outside, so that a bundle names those that come along with it.
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'

const CORE = '@tensorflow/tfjs-core'

export const PAGES = {
  // A pure function, and nothing of tfjs.
  schedule: { packages: [], bytes: 2000 },
  metrics: { packages: [], bytes: 11_300 },
  losses: { packages: [CORE], bytes: 15_500 },
  // Criteria, masks, schedules and stopping rules. Most of it gathers statistics for `taylor`: from
  // arrays, datasets and padded sequences, by class or by label.
  pieces: { packages: [CORE], bytes: 27_400 },
  // A page that loads a compressed model: nothing of Node, nothing of training.
  loader: { packages: [CORE], bytes: 10_200 },
  // A page that runs a compressed model without tfjs.
  sparse: { packages: [], bytes: 49_100 },
}

/** Checks the minified code of a page. */
export function check(bundler, page, code) {
  const { packages, bytes } = PAGES[page]
  const found = [...new Set(code.match(/@tensorflow\/[\w-]+/g))].sort()
  assert.deepEqual(found, packages, `${bundler}: ${page} loads ${found}`)
  const size = gzipSync(code).length
  assert.ok(size < bytes, `${bundler}: ${page} has ${size} bytes`)
  console.log(`${bundler}: ${page} ${size} bytes`)
}

export const isPackageOfTfjs = (name) => name.startsWith('@tensorflow/')
