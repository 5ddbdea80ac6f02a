import { cases } from './cases.js'
import { markdown, over, percent, ratio, spanned } from './cells.js'
import { storedFigures } from './runs.js'

const PEERS = {
  tfjs: 'tfjs',
  onnx: 'onnxruntime, one thread',
  smaller: 'shrunk by filters, in tfjs',
  smallerCompiled: 'shrunk by filters, compiled',
} as const

interface Target {
  readonly network: string
  readonly density: number
  readonly side: keyof typeof PEERS
  readonly times: number
}

const TARGETS: readonly Target[] = [
  { network: 'alexnet', density: 0.0157, side: 'tfjs', times: 20 },
  { network: 'alexnet', density: 0.0312, side: 'tfjs', times: 10 },
  { network: 'alexnet', density: 0.0625, side: 'tfjs', times: 6 },
  { network: 'alexnet', density: 0.25, side: 'tfjs', times: 2.5 },
  { network: 'alexnet', density: 0.0625, side: 'onnx', times: 1 },
  { network: 'reference', density: 0.0312, side: 'tfjs', times: 20 },
  { network: 'mobilenet', density: 0.1, side: 'smaller', times: 1 },
  { network: 'mobilenet', density: 0.1, side: 'smallerCompiled', times: 1 },
]

/** The aims and the figures of the runs; those of a side that was not measured are left out. */
export function targetsTable(): string {
  const rows = TARGETS.flatMap(({ network, density, side, times }) => {
    const lines = storedFigures(network).filter(
      (one) => one.density === density && one.batch === 1 && one.times[side],
    )
    if (lines.length === 0) return []
    const seen = over(lines, (one) => ratio(one, side))
    const reached = seen.median >= times ? 'yes' : 'no'
    const names = [cases[network]!.title, percent(density), PEERS[side]]
    return [[...names, `${times}`, spanned(seen), reached]]
  })
  return markdown(['network', 'weights left', 'against', 'aim', 'measured', 'reached'], rows)
}
