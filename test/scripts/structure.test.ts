import { describe, expect, test } from 'vitest'
import { longCode, longProse } from '../../scripts/structure/long-lines.js'
import {
  circles,
  leavingImports,
  longFiles,
  singleOwners,
  upwardImports,
} from '../../scripts/structure/rules.js'

const tree = (files: Readonly<Record<string, string>>) => new Map(Object.entries(files))
const importing = (...paths: readonly string[]) =>
  paths.map((path) => `import { a } from '${path}'\n`).join('')

const house = tree({
  'types.ts': '',
  'internal/check.ts': importing('./describe.js'),
  'internal/describe.ts': '',
  'losses/focal.ts': importing('../internal/check.js', '../types.js'),
  'metrics/auc.ts': importing('../internal/check.js'),
  'losses/index.ts': importing('./focal.js'),
  'index.ts': importing('./losses/focal.js', './metrics/auc.js'),
})
const order = ['types.ts', 'internal', 'metrics', 'losses']

describe('circles', () => {
  test('circles finds none in a house with an order', () => {
    expect(circles(house)).toEqual([])
  })

  test('circles finds one between files of a folder, also of types', () => {
    const files = {
      'a/one.ts': "import type { Two } from './two.js'",
      'a/two.ts': "export type { One } from './one.js'",
    }
    expect(circles(tree(files))).toEqual(['a circle: a/one.ts -> a/two.ts -> a/one.ts'])
  })

  test('circles finds one between folders whose files make none', () => {
    const files = {
      'a/one.ts': importing('../b/two.js'),
      'b/two.ts': '',
      'b/three.ts': importing('../a/four.js'),
      'a/four.ts': '',
    }
    expect(circles(tree(files))).toEqual(['a circle: a -> b -> a'])
  })

  test('circles tells a folder from the folder inside it', () => {
    const files = { 'a/b/one.ts': importing('../two.js'), 'a/two.ts': importing('./b/one.js') }
    expect(circles(tree(files))).toContain('a circle: a/b -> a -> a/b')
  })
})

describe('upwardImports', () => {
  test('upwardImports finds none in a house with an order', () => {
    expect(upwardImports(house, order)).toEqual([])
  })

  test('upwardImports finds an import of a later folder', () => {
    expect(upwardImports(house, ['types.ts', 'metrics', 'internal', 'losses'])).toEqual([
      'metrics/auc.ts imports internal/check.ts, which stands above it',
    ])
  })

  test('upwardImports finds the import of an entry point', () => {
    const files = { 'a/one.ts': importing('../b/index.js'), 'b/index.ts': '' }
    expect(upwardImports(tree(files), ['a'])).toEqual([
      'a/one.ts imports b/index.ts, which stands above it',
    ])
  })

  test('upwardImports asks for a place for each folder, and for a folder in each place', () => {
    expect(upwardImports(tree({ 'a/one.ts': '' }), ['b'])).toEqual([
      'a has no place in the order',
      'b has a place in the order and holds nothing',
    ])
  })
})

describe('singleOwners', () => {
  test('singleOwners counts the users of internal users', () => {
    expect(singleOwners(house)).toEqual([])
  })

  test('singleOwners names the owner, and a file that nobody uses', () => {
    const files = {
      'internal/mine.ts': '',
      'internal/idle.ts': '',
      'losses/focal.ts': importing('../internal/mine.js'),
      'losses/deep/ldam.ts': importing('../../internal/mine.js'),
    }
    expect(singleOwners(tree(files))).toEqual([
      'internal/mine.ts belongs to losses alone',
      'internal/idle.ts belongs to nobody alone',
    ])
  })
})

describe('longFiles', () => {
  const files = tree({ 'a.ts': 'x\n'.repeat(3), 'b.ts': 'x\n'.repeat(4) })

  test('longFiles names each file above the limit', () => {
    expect(longFiles(files, 3, {})).toEqual(['b.ts has 4 lines, more than 3'])
  })

  test('longFiles takes a reason, and refuses one that is not needed', () => {
    expect(longFiles(files, 3, { 'b.ts': 'a table' })).toEqual([])
    expect(longFiles(files, 4, { 'b.ts': 'a table' })).toEqual([
      'b.ts has a reason to be long and is not',
    ])
  })
})

describe('longCode', () => {
  const long = `const a = ${'b + '.repeat(5)}c`

  test('longCode names the lines where their share is too high', () => {
    expect(longCode(tree({ 'a.ts': `${long}\nd()\n` }), 20, 0.4)).toEqual([
      'a.ts:1 is longer than 20 characters',
    ])
    expect(longCode(tree({ 'a.ts': `${long}\nd()\n` }), 20, 0.5)).toEqual([])
  })

  test('longCode leaves out a line that is long by its string, but not a comment', () => {
    const string = "fail('expected a number, got a text')"
    expect(longCode(tree({ 'a.ts': string }), 20, 0)).toEqual([])
    expect(longCode(tree({ 'a.ts': ` * ${string}` }), 20, 0)).toHaveLength(1)
  })
})

describe('longProse', () => {
  test('longProse names a long line, and leaves out code, tables and addresses', () => {
    const page = [
      'A line of more than twenty characters.',
      '| a row | of more than | twenty |',
      '```ts',
      'const code = "of more than twenty characters"',
      '```',
      'See https://example.org/a/long/address',
      'Another line of more than twenty characters.',
    ]
    expect(longProse(tree({ 'a.md': page.join('\n') }), 20)).toEqual([
      'a.md:1 is longer than 20 characters',
      'a.md:7 is longer than 20 characters',
    ])
  })
})

describe('leavingImports', () => {
  const files = {
    'cli/main.ts': importing('./commands/prune.js', 'tfjs-prune/files'),
    'cli/commands/prune.ts': importing('../../step/prune-weights.js'),
    'step/prune-weights.ts': importing('../types.js'),
  }

  test('leavingImports finds an import out of the folder by its path', () => {
    expect(leavingImports(tree(files), 'cli')).toEqual([
      'cli/commands/prune.ts imports step/prune-weights.ts by its path, not by its public name',
    ])
  })

  test('leavingImports lets public names and paths inside pass', () => {
    const { 'cli/commands/prune.ts': _, ...clean } = files
    expect(leavingImports(tree(clean), 'cli')).toEqual([])
  })
})
