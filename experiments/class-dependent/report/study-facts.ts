import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ImageSet, Parts } from '../sets/image-set.js'
import { markdown } from './cells.js'

/** Images of a part. */
export interface PartCounts {
  readonly images: number
  readonly positives: number
}

/** Facts of a study that its rows do not hold. */
export interface StudyFacts {
  readonly command: string
  /** Height, width and channels. */
  readonly shape: readonly number[]
  /** The class that must not be missed, in words. */
  readonly positive: string
  readonly steps: number
  readonly seeds: number
  readonly systems: readonly string[]
  readonly parts: Readonly<Record<keyof Parts, PartCounts>>
}

/** The counts of the parts that a set draws; they are the same for all seeds. */
export function partCounts({ draw }: ImageSet): StudyFacts['parts'] {
  const parts = draw(1)
  const of = (part: keyof Parts): PartCounts => {
    const { labels } = parts[part]
    return { images: labels.length, positives: labels.filter((label) => label === 1).length }
  }
  return { train: of('train'), validation: of('validation'), test: of('test') }
}

const FILE = 'facts.json'

/** Keeps facts beside the rows that they are about. */
export const saveFacts = (folder: string, facts: StudyFacts): void =>
  writeFileSync(join(folder, FILE), JSON.stringify(facts))

/** The facts of a folder; undefined where it has none. */
export function loadFacts(folder: string): StudyFacts | undefined {
  const path = join(folder, FILE)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** The facts as a table. */
export function factsTable(facts: StudyFacts): string {
  const { command, shape, positive, steps, seeds, systems, parts } = facts
  const { train, validation, test } = parts
  const all = [train, validation, test]
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const images = sum(all.map((part) => part.images))
  const positives = sum(all.map((part) => part.positives))
  const told = (part: PartCounts) => `${part.images}, ${part.positives} of them positive`
  return markdown(
    ['fact', 'value'],
    [
      ['images that are used, repeated ones left out', `${images}, ${positives} of them positive`],
      ['size of an image', `${shape.join(' × ')}`],
      ['positive class, which must not be missed', positive],
      ['images to train on', told(train)],
      ['images to choose rates, epochs and thresholds by', told(validation)],
      ['images to judge by: the test part, one for all seeds', told(test)],
      ['one miss in the test part weighs', `${(100 / test.positives).toFixed(1)} points of FNR`],
      ['steps of the shorter training', `${steps}; the longer one has twice as many`],
      ['seeds that are reported', `${seeds}`],
      ['systems asked for', systems.join('; ')],
      ['command', `\`${command.replaceAll('|', '\\|')}\``],
    ],
  )
}
