import { existsSync, readFileSync } from 'node:fs'

/** Seconds of a part of a run. Processor time counts all threads of the process. */
export interface Seconds {
  readonly processor: number
  readonly wall: number
}

/** A level of a run. */
export interface Level {
  readonly density: number
  readonly training: Seconds
  readonly auc: number
  readonly falseNegativeRate: number
  /** Who trained it, where an engine was asked. */
  readonly engine?: string
}

/** A whole run of Algorithm 1: training, scoring and evaluation of all levels. */
export interface RoundsRun extends Seconds {
  readonly levels: readonly Level[]
}

/** The sides of the comparison, in the order of the tables. */
export const SIDES = {
  tfjs: 'tfjs on wasm',
  sparse: 'at density',
  torch1: 'PyTorch, one thread',
  torch2: 'PyTorch, two threads',
} as const
export type RoundsSide = keyof typeof SIDES

/** A line of a file of runs. */
export interface StoredRun extends RoundsRun {
  readonly run: number
  readonly side: RoundsSide
  /** Cores that other processes kept busy. */
  readonly others: number
  readonly host: string
}

/** The networks of the study, by the name of their file. */
export const NETWORKS = { cnn: 'CNN of 3 convolutions', mlp: '784-300-100-2' } as const
export type RoundsNetwork = keyof typeof NETWORKS

export const roundsFile = (network: RoundsNetwork) => `bench/results/rounds-${network}.jsonl`

/** All runs of a network; none where it was not measured. */
export function storedRounds(network: RoundsNetwork): StoredRun[] {
  const file = roundsFile(network)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as StoredRun)
}
