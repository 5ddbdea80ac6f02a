import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { folderSweep, grid, memorySweep, readRows, sweep } from 'tfjs-prune/sweep'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support.js'

const jobs = grid({ seed: [1, 2, 3] })
const square = ({ seed }: { seed: number }) => ({ square: seed * seed })
const rows = jobs.map(({ point: { seed } }) => ({ seed, square: seed * seed }))

const linesOf = (folder: string) => readFileSync(join(folder, 'rows.jsonl'), 'utf8').split('\n')

test('folderSweep keeps a line a job, and the knobs', async () => {
  const folder = join(temporaryFolder(), 'made', 'here')
  await sweep(jobs, { module: square, store: folder })
  const lines = linesOf(folder)
  expect(lines.at(-1)).toBe('')
  expect(lines.slice(0, -1).map((line) => JSON.parse(line))).toMatchObject(
    jobs.map(({ key, point }) => ({ key, point, rows: [square(point)], attempts: 1 })),
  )
  expect(JSON.parse(readFileSync(join(folder, 'sweep.json'), 'utf8')).knobs).toEqual(['seed'])
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('sweep goes on in a folder, by its path or URL, and readRows reads it', async () => {
  const folder = temporaryFolder()
  await sweep(jobs.slice(0, 2), { module: square, store: folder })
  const url = pathToFileURL(folder)
  expect(await sweep(jobs, { module: square, store: url })).toMatchObject({ rows, skipped: 2 })
  expect(await readRows(folder)).toEqual(rows)
})

test('folderSweep cuts off a last line without its end, and runs its job again', async () => {
  const folder = temporaryFolder()
  await sweep(jobs, { module: square, store: folder })
  const file = join(folder, 'rows.jsonl')
  const text = readFileSync(file, 'utf8')
  for (const cut of [1, 20, text.split('\n')[2]!.length]) {
    writeFileSync(file, text.slice(0, -cut))
    expect(await readRows(folder)).toEqual(rows.slice(0, 2))
    expect(await sweep(jobs, { module: square, store: folder })).toMatchObject({ rows, skipped: 2 })
    expect(linesOf(folder)).toHaveLength(4)
  }
})

test('folderSweep refuses a broken line with its number, and changes nothing', async () => {
  const folder = temporaryFolder()
  await sweep(jobs, { module: square, store: folder })
  const file = join(folder, 'rows.jsonl')
  const whole = linesOf(folder)
  for (const broken of ['{"key":"seed=2', '', '{"key":"seed=2"}', 'null']) {
    const text = [whole[0], broken, whole[2], ''].join('\n')
    writeFileSync(file, text)
    const message = `expected an outcome in line 2 of ${file}`
    await expect(sweep(jobs, { module: square, store: folder })).rejects.toThrow(message)
    await expect(readRows(folder)).rejects.toThrow(message)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  }
})

test('folderSweep takes the last outcome of a key', async () => {
  const folder = temporaryFolder()
  await sweep(jobs, { module: square, store: folder })
  const again = { ...JSON.parse(linesOf(folder)[0]!), rows: [{ square: 100 }] }
  appendFileSync(join(folder, 'rows.jsonl'), `${JSON.stringify(again)}\n`)
  expect((await readRows(folder)).map((row) => row.square)).toEqual([100, 4, 9])
  const { rows: joined } = await sweep(jobs, { module: square, store: folder })
  expect(joined.map((row) => row.square)).toEqual([100, 4, 9])
})

test('folderSweep refuses outcomes of other knobs, naming both', async () => {
  const folder = temporaryFolder()
  await sweep(jobs, { module: square, store: folder })
  const other = grid({ seed: [1], rate: [0.1] })
  await expect(sweep(other, { module: () => ({}), store: folder })).rejects.toThrow(
    `expected outcomes with the knobs rate, seed in ${folder}, got seed`,
  )
  expect(await readRows(folder)).toEqual(rows)
})

test('folderSweep refuses a second driver, in another store too', async () => {
  const folder = temporaryFolder()
  const module = async () => {
    await expect(sweep(jobs, { module: square, store: folder })).rejects.toThrow(
      'expected one writer, got a call of this process at work on it',
    )
    return { rows: (await readRows(folder)).length }
  }
  const { failed } = await sweep(grid({ seed: [1, 2] }), { module, store: folderSweep(folder) })
  expect(failed).toEqual([])
})

test('folderSweep refuses rows without the facts of their sweep, and no folder', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'rows.jsonl'), '')
  await expect(sweep(jobs, { module: square, store: folder })).rejects.toThrow(
    `expected the facts of a sweep in ${join(folder, 'sweep.json')}`,
  )
  await expect(readRows(join(folder, 'none'))).rejects.toThrow('expected the facts of a sweep in')
})

test('folderSweep refuses a file in the place of the folder', async () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  await expect(sweep(jobs, { module: square, store: file })).rejects.toThrow('to make the folder')
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'rows.jsonl'))
  await expect(sweep(jobs, { module: square, store: folder })).rejects.toThrow(
    'expected the facts of a sweep',
  )
})

test.each<[unknown, string]>([
  [3, 'expected a path of a folder, got 3'],
  ['', "expected a path of a folder, got ''"],
  ['redis://host/rows', 'expected a path of a folder, got redis://host/rows'],
])('folderSweep refuses the path %j', (path, message) => {
  expect(() => folderSweep(path as string)).toThrow(message)
})

test('sweep without jobs fits every store, and leaves it to any grid', async () => {
  const none = grid({ seed: [1] }, { where: () => false })
  for (const store of [temporaryFolder(), memorySweep()]) {
    expect(await sweep(none, { module: square, store })).toMatchObject({ rows: [], others: 0 })
    expect(await sweep(jobs, { module: square, store })).toMatchObject({ rows, skipped: 0 })
    expect(await sweep(none, { module: square, store })).toMatchObject({ rows: [], others: 3 })
    expect(await sweep(jobs, { module: square, store })).toMatchObject({ rows, skipped: 3 })
    const other = grid({ rate: [1] })
    await expect(sweep(other, { module: () => ({}), store })).rejects.toThrow('with the knobs rate')
  }
})
