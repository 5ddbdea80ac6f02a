import { existsSync, readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readRows, type StudyRow } from '../rows.js'

/** The rows of a set and a network. */
export interface Study {
  readonly set: string
  readonly network: string
  readonly rows: readonly StudyRow[]
}

const SETS: Readonly<Record<string, string>> = {
  xrays: 'chest X-rays',
  melanoma: 'melanoma',
  eights: 'the digit 8',
  crack: 'cracks in concrete',
  shirts: 'shirts among clothes',
  bridge: 'cracks in bridges',
}
const NETWORKS: Readonly<Record<string, string>> = {
  cnn: 'the small CNN',
  alexNet: "the paper's AlexNet",
  mobileNet: 'a pretrained MobileNetV2',
}

/** The words for a study: `chest X-rays, the small CNN`; of a folder, its name. */
export const titleOf = ({ set, network }: Pick<Study, 'set' | 'network'>): string =>
  `${SETS[set] ?? basename(set)}, ${NETWORKS[network] ?? network}`

/** A name for files and links: `xrays-cnn`. */
export const slugOf = ({ set, network }: Study): string =>
  `${basename(set)}-${network}`.replace(/\W+/g, '-')

/** Rows by set and network, in the order of the names above; others stand behind. */
export function studiesOf(rows: readonly StudyRow[]): Study[] {
  const place = (names: Readonly<Record<string, string>>, name: string) =>
    Object.hasOwn(names, name) ? Object.keys(names).indexOf(name) : Number.MAX_SAFE_INTEGER
  const keys = [...new Set(rows.map(({ set, network }) => JSON.stringify([set, network])))]
  return keys
    .map((key): Study => {
      const [set, network] = JSON.parse(key) as [string, string]
      const own = rows.filter((row) => row.set === set && row.network === network)
      return { set, network, rows: own }
    })
    .sort((a, b) => {
      const [setA, setB] = [place(SETS, a.set), place(SETS, b.set)]
      return setA - setB || place(NETWORKS, a.network) - place(NETWORKS, b.network)
    })
}

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url))

/** The studies whose rows the repository keeps: those of the sets and networks named above. */
export function storedStudies(): Study[] {
  if (!existsSync(RESULTS)) return []
  const files = readdirSync(RESULTS).filter((file) => file.endsWith('.jsonl'))
  const studies = studiesOf(files.sort().flatMap((file) => readRows(`${RESULTS}${file}`)))
  return studies.filter(({ set, network }) => Object.hasOwn(SETS, set) && network in NETWORKS)
}
