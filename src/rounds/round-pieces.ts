import { tensor, tidy } from '@tensorflow/tfjs-core'
import { perLayer } from '../allocate/per-layer.js'
import { isElements } from '../granularity/elements.js'
import type { Granularity } from '../granularity/granularity.js'
import type { ModelWeight } from '../internal/model-weights.js'
import type { ResolvedModel } from '../select/resolve-model.js'
import { canTry, tryCriterion } from '../step/try-criterion.js'
import { valuesOf } from '../step/values-of.js'
import type { Allocator, Criterion, Train } from '../types.js'

/**
 * The pieces of a run, told by their answers to a fixed example: plain data, also in JSON. A piece
 * without an answer is left out.
 */
export interface RoundPieces {
  /** Scores of an example. */
  readonly criterion?: readonly number[]
  /** Counts of an example. */
  readonly allocation?: readonly number[]
  /** Name of the granularity, and its groups of the first weight. */
  readonly granularity?: string
  /** How the granularity groups and scores, and a sum over the groups of all weights. */
  readonly grouping?: {
    readonly combine: NonNullable<Granularity['combine']>
    readonly joint: boolean
    readonly complete: boolean
    readonly groups: number
  }
  /** Least and largest number of elements that each weight keeps. */
  readonly selection?: readonly (readonly [least: number, most: number])[]
  /** Names of the kernels that are spared as ends of the model. */
  readonly spareEnds?: readonly string[]
  /** The settings of the training, where they are told. */
  readonly training?: Train['settings']
  /** How the round learned from a teacher, in words; `none` without one. */
  readonly teaching?: string
}

interface Pieces {
  readonly criterion: Criterion
  readonly allocate?: Allocator
  readonly granularity?: Granularity
  readonly train: Train
}

/** Asks the pieces of a run. */
export async function piecesOf(
  { prunable, spared }: ResolvedModel,
  { criterion, allocate = perLayer(), train, ...pieces }: Pieces,
): Promise<RoundPieces> {
  const [first] = prunable
  const { granularity: given } = pieces
  const granularity = given && isElements(given) ? undefined : given
  const answers = {
    criterion: await attempt(() => exampleScores(criterion, first!)),
    allocation: await attempt(async () => [...allocate(prunable.map(exampleRequest), 0.5)]),
    granularity: await attempt(async () => {
      const { count, cell } = granularity?.grains(first!) ?? {}
      return [granularity?.name ?? 'elements', count, cell].join(' ').trim()
    }),
    grouping: await attempt(async () => granularity && groupingOf(granularity, prunable)),
    // Before the limits of the selection, which follow from it.
    spareEnds: spared,
    selection: prunable.map(({ minimumKept, maximumKept }) => [minimumKept, maximumKept]),
    training: train.settings,
  }
  return Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== undefined))
}

function groupingOf(
  granularity: Granularity,
  weights: ResolvedModel['prunable'],
): RoundPieces['grouping'] {
  const { combine = 'sum', joint, complete } = granularity
  let groups = 0
  for (const weight of weights) {
    const { of } = granularity.grains(weight)
    for (let i = 0; i < of.length; i++) groups = (Math.imul(groups, 31) + of[i]!) | 0
  }
  return { combine, joint: joint !== undefined, complete: complete !== undefined, groups }
}

/** Names the first piece that answers otherwise; one that does not answer tells nothing. */
export function otherPiece(made: RoundPieces, now: RoundPieces): string | undefined {
  const names = Object.keys(made) as (keyof RoundPieces)[]
  return names.find((name) => now[name] !== undefined && !isAlike(name, made[name], now[name]))
}

/**
 * Whether two answers of a piece are the same. Backends round otherwise: scores are compared to a
 * hundredth.
 */
export function isAlike(name: string, a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= (name === 'criterion' ? 0.01 : 0) * Math.max(Math.abs(a), Math.abs(b))
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isAlike(name, a[key as keyof typeof a], b[key as keyof typeof b]))
}

async function attempt<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch {
    return undefined
  }
}

const VALUES = Array.from({ length: 12 }, (_, i) => Math.sin(1 + i * i))

async function exampleScores(criterion: Criterion, first: ModelWeight): Promise<number[]> {
  if (!canTry(criterion)) throw new RangeError('Cannot score: expected an example, got none')
  const scores = await valuesOf(() =>
    tidy(() => {
      const variable = tensor(VALUES.map(Math.cos), [3, 4]) as unknown as ModelWeight['variable']
      return tryCriterion(criterion, { ...first, shape: [3, 4], variable }, tensor(VALUES, [3, 4]))
    }),
  )
  return Array.from(scores, (score) => Number(score.toPrecision(4)))
}

function exampleRequest(weight: ResolvedModel['prunable'][number], index: number) {
  const { name, layer, role, className, shape } = weight
  const size = 20 + ((7 * index) % 13)
  const scores = Float32Array.from({ length: size }, (_, i) =>
    Math.abs(Math.sin(1 + i * (index + 2))),
  )
  const counts = { size, kept: size, minimumKept: 1, maximumKept: size }
  return {
    name,
    layer,
    role,
    className,
    shape,
    ...counts,
    scores,
    mask: new Uint8Array(size).fill(1),
  }
}
