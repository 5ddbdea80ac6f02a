import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageVersion } from '../../src/sweep/package-version.js'

test('packageVersion is that of package.json', () => {
  expect(packageVersion).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version)
})
