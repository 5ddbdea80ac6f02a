import { type Code, f32, i32, v128, type WasmFunction } from '../../../internal/assembler.js'
import { countDown, get, set } from '../../../internal/instructions.js'
import { four, simd } from '../../../internal/lanes.js'
import type { RuleName } from '../../../updates/element-rules.js'
import { type UpdateAccess, type UpdateWay, updateAccess } from './update-access.js'

/** Numbers that a rule takes at most; the factor of the gradients comes before them. */
export const MOST_NUMBERS = 8

const [groups, values, gradients, out, first, second, guide] = [0, 1, 2, 3, 4, 5, 6] as const
// The factor and the numbers: parameters from 7 on, and from 16 on locals with four lanes of each.
const [factor, lanesOf] = [7, 16] as const
const [gradient, one, two, bits, value, offsets] = [25, 26, 27, 28, 29, 30] as const
const numbers = Array.from({ length: 1 + MOST_NUMBERS }, (_, i) => i)

const applied =
  (operation: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...operation]
const [sum, product] = [applied(four.add), applied(four.multiply)] as const
const [difference, quotient] = [applied(simd(0xe5)), applied(simd(0xe7))] as const
const root = (code: Code): Code => [...code, ...simd(0xe3)]
/** A number of the rule. */
const n = (index: number): Code => get(lanesOf + 1 + index)
const g = get(gradient)

interface RuleCode {
  readonly slots: readonly number[]
  /** Writes the slots. */
  readonly before: (access: UpdateAccess) => Code
  /** The new value. */
  readonly value: (old: Code) => Code
}

const keep = ({ store }: UpdateAccess, pointer: number, local: number, code: Code): Code => [
  ...[...code, ...set(local), ...store(pointer, get(local))],
]

/** a x + b g */
const blend = (x: Code, a: Code, y: Code, b: Code): Code => sum(product(x, a), product(y, b))

const momentum = (direction: Code): RuleCode => ({
  slots: [first],
  before: (access) => keep(access, first, one, sum(product(n(1), access.load(first)), g)),
  value: (old) => sum(product(n(0), direction), old),
})

/** The rules of `elementRules`, to the same bits. */
const rules: Readonly<Record<RuleName | 'Nesterov', RuleCode>> = {
  SGD: { slots: [], before: () => [], value: (old) => sum(product(n(0), g), old) },
  Momentum: momentum(get(one)),
  Nesterov: momentum(sum(g, product(get(one), n(1)))),
  Adam: {
    slots: [first, second],
    before: (access) => [
      ...keep(access, first, one, blend(access.load(first), n(1), g, n(2))),
      ...keep(access, second, two, blend(access.load(second), n(3), product(g, g), n(4))),
    ],
    value: (old) => {
      const deviation = sum(root(quotient(get(two), n(6))), n(7))
      return sum(product(quotient(quotient(get(one), n(5)), deviation), n(0)), old)
    },
  },
  RMSProp: {
    slots: [first, second],
    before: (access) => {
      const own = quotient(product(g, n(0)), root(sum(get(one), n(4))))
      return [
        ...keep(access, first, one, blend(access.load(first), n(1), product(g, g), n(2))),
        ...keep(access, second, two, sum(product(access.load(second), n(3)), own)),
      ]
    },
    value: (old) => difference(old, get(two)),
  },
}

/** One step of a rule, by groups of four elements. */
export function updateCode(rule: keyof typeof rules, way: UpdateWay): WasmFunction {
  const { slots, before, value: next } = rules[rule]
  const access = updateAccess(way, { guide, bits, value, offsets })
  const { begin, load, store, kept } = access
  return {
    name: rule + way,
    parameters: [...Array<number>(factor).fill(i32), ...numbers.map(() => f32)],
    locals: [
      [offsets - lanesOf, v128],
      [4, i32],
    ],
    body: [
      ...numbers.flatMap((i) => [...get(factor + i), ...four.fill, ...set(lanesOf + i)]),
      ...countDown(groups, [
        ...begin,
        ...[...kept(product(load(gradients), get(lanesOf))), ...set(gradient)],
        ...before(access),
        ...store(out, kept(next(load(values)))),
        ...access.next([values, gradients, out, ...slots]),
      ]),
    ],
  }
}
