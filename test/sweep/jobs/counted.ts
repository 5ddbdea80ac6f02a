/** A job that writes down each of its runs. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

interface Point {
  readonly index: number
  readonly folder: string
}

export default async function job({ index, folder }: Point) {
  await new Promise((resolve) => setTimeout(resolve, (index * 7) % 11))
  appendFileSync(join(folder, 'ran.txt'), `${index} ${process.pid}\n`)
  return { square: index * index }
}
