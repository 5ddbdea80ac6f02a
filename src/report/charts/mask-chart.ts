import { checkOptions } from '../../internal/check-options.js'
import { describe } from '../../internal/describe.js'
import type { Mask, MaskedWeight } from '../../masks/mask.js'
import { type ChartOptions, chartChecks } from './chart-options.js'
import type { ChartSpec } from './chart-spec.js'
import { type ChartTheme, themes } from './chart-theme.js'
import { makeChart } from './make-chart.js'

const task = 'chart the mask'
/** Most elements side by side, and most above each other. */
const [MOST_ACROSS, MOST_DOWN] = [96, 64]

/**
 * The mask of a convolution or of a dense layer as a picture: one small plane for each pair of
 * input and output, its kept elements filled.
 *
 * The last axis of the weight goes across, the one before it down, and axes before these, rows and
 * columns of a convolution, lie within each plane. Across are outputs and down inputs; in a
 * transposed convolution it is the other way round, which a mask does not tell. So the words for a
 * convolution are the columns and rows of planes. Of a large weight the first planes are drawn, and
 * a note says how many.
 *
 * @param mask A mask, such as `round.mask`.
 * @param name Name of the weight, e.g. `conv2d/kernel`; its shape has 1 to 4 axes.
 * @param options Colours and size.
 * @returns The chart as plain JSON.
 * @throws {TypeError} If `mask` is no mask, or an option does not exist.
 * @throws {RangeError} If the mask has no such weight, its shape has more than 4 axes, or an option
 *   is out of range.
 *
 * @example
 * ```ts
 * import { createMask } from 'tfjs-prune'
 * import { maskChart } from 'tfjs-prune/report'
 *
 * const values = Uint8Array.of(1, 0, 1, 0)
 * const mask = createMask([{ name: 'dense/kernel', layer: 'dense', role: 'kernel', shape: [2, 2], values }], 6)
 * const { finding } = maskChart(mask, 'dense/kernel').usermeta
 * if (finding !== 'dense/kernel keeps 2 of 4 elements; 1 of 2 outputs keeps none') throw new Error(finding)
 * ```
 */
export function maskChart(mask: Mask, name: string, options: ChartOptions = {}): ChartSpec {
  checkOptions(options, { task, checks: chartChecks })
  const weight = weightOf(mask, name)
  const sides = sidesOf(weight)
  const { inputs, outputs, shownInputs, shownOutputs } = sides
  const isDense = weight.shape.length < 3
  const [across, down] = isDense ? ['outputs', 'inputs'] : ['columns', 'rows']
  const isWhole = shownInputs === inputs && shownOutputs === outputs
  const view = viewOf(weight, sides, themes[options.theme ?? 'light'])
  return makeChart(
    {
      finding: findingOf(weight, { outputs, across }),
      notes: [
        isDense
          ? 'Outputs across, inputs down.'
          : 'Outputs across, inputs down, one plane a pair; of a transposed convolution the other way round.',
        ...(isWhole
          ? []
          : [
              `Drawn: the first ${shownOutputs} of ${outputs} ${across} and ${shownInputs} of ${inputs} ${down}.`,
            ]),
      ],
      height: 50 + Math.max(60, Math.round((340 * sides.down) / Math.max(sides.across, 24))),
      view,
    },
    options,
  )
}

function weightOf(mask: Mask, name: string): MaskedWeight {
  if (!Array.isArray(mask?.weights))
    throw new TypeError(`Cannot ${task}: expected a mask, got ${describe(mask)}`)
  const weight = mask.weights.find((one) => one.name === name)
  if (!weight) {
    const names = mask.weights.map((one) => one.name).join(', ')
    throw new RangeError(`Cannot ${task}: expected a weight among ${names}, got ${describe(name)}`)
  }
  if (weight.shape.length >= 1 && weight.shape.length <= 4) return weight
  throw new RangeError(
    `Cannot ${task}: expected 1 to 4 axes of ${name}, got a shape of ${weight.shape.length}`,
  )
}

interface Sides {
  readonly height: number
  readonly width: number
  readonly inputs: number
  readonly outputs: number
  readonly shownInputs: number
  readonly shownOutputs: number
  /** Elements and gaps in all, above each other and side by side. */
  readonly down: number
  readonly across: number
  readonly gap: number
}

function sidesOf({ shape }: MaskedWeight): Sides {
  const [height, width, inputs, outputs] = [1, 1, 1, 1, ...shape].slice(-4) as [
    number,
    number,
    number,
    number,
  ]
  const gap = height * width > 1 ? 1 : 0
  const shownInputs = Math.min(inputs, Math.max(1, Math.floor(MOST_DOWN / (height + gap))))
  const shownOutputs = Math.min(outputs, Math.max(1, Math.floor(MOST_ACROSS / (width + gap))))
  const [down, across] = [shownInputs * (height + gap), shownOutputs * (width + gap)]
  return { height, width, inputs, outputs, shownInputs, shownOutputs, down, across, gap }
}

/** A rectangle in units of elements, from the upper left corner. */
interface Box {
  readonly x: number
  readonly x2: number
  readonly y: number
  readonly y2: number
}

/** Kept elements; neighbours within a row of a plane are one box. */
function keptBoxes({ values }: MaskedWeight, sides: Sides): Box[] {
  const { height, width, inputs, outputs, shownInputs, shownOutputs, gap } = sides
  const boxes: Box[] = []
  const isKept = (row: number, column: number, input: number, output: number) =>
    values[((row * width + column) * inputs + input) * outputs + output] === 1
  for (let input = 0; input < shownInputs; input++) {
    for (let output = 0; output < shownOutputs; output++) {
      const [left, top] = [output * (width + gap), input * (height + gap)]
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          if (!isKept(row, column, input, output)) continue
          const from = column
          while (column + 1 < width && isKept(row, column + 1, input, output)) column++
          const y = top + row
          boxes.push({ x: left + from, x2: left + column + 1, y, y2: y + 1 })
        }
      }
    }
  }
  return boxes
}

function planes({ height, width, shownInputs, shownOutputs, gap }: Sides): Box[] {
  if (gap === 0) return [{ x: 0, x2: shownOutputs, y: 0, y2: shownInputs }]
  return Array.from({ length: shownInputs * shownOutputs }, (_, place) => {
    const x = (place % shownOutputs) * (width + gap)
    const y = Math.floor(place / shownOutputs) * (height + gap)
    return { x, x2: x + width, y, y2: y + height }
  })
}

function viewOf(weight: MaskedWeight, sides: Sides, { grid, series }: ChartTheme) {
  const axis = (field: string, most: number, isDown: boolean) => {
    const scale = { domain: [0, most], nice: false, zero: false, reverse: isDown }
    return { field, type: 'quantitative', axis: null, scale }
  }
  const encoding = {
    x: axis('x', sides.across, false),
    x2: { field: 'x2' },
    y: axis('y', sides.down, true),
    y2: { field: 'y2' },
  }
  return {
    encoding,
    layer: [
      { data: { values: planes(sides) }, mark: { type: 'rect', color: grid, opacity: 0.6 } },
      { data: { values: keptBoxes(weight, sides) }, mark: { type: 'rect', color: series[0] } },
    ].filter(({ data }) => data.values.length > 0),
  }
}

interface Across {
  readonly outputs: number
  /** Their word, in the plural. */
  readonly across: string
}

function findingOf({ name, values, kept }: MaskedWeight, { outputs, across }: Across): string {
  const alive = new Set<number>()
  for (let i = 0; i < values.length; i++) if (values[i] === 1) alive.add(i % outputs)
  const dead = outputs - alive.size
  const finding = `${name} keeps ${kept} of ${values.length} elements`
  if (dead === 0) return finding
  return `${finding}; ${dead} of ${outputs} ${across} ${dead === 1 ? 'keeps' : 'keep'} none`
}
