import type { Kernels } from '../../kernels/kernels.js'
import type { Network, Product, Shape } from '../../network/network.js'
import type { ElementLoops } from '../loops/element-loops.js'
import { plainLoops } from '../loops/plain-loops.js'
import { type Buffer, planBuffers, SLACK } from './buffers.js'
import type { Flat, Phases, Planes } from './layouts.js'
import { type Constants, floatsOf, type Memory } from './memory.js'
import { type Uses, usesOf } from './uses.js'

/** The kernels, their memory, and the arrays that programs share in it. */
export interface Machine {
  readonly kernels: Kernels
  readonly memory: Memory
  readonly constants: Constants
  /** @default those in JavaScript */
  readonly loops?: ElementLoops
}

/** Nanoseconds of a multiply-add (of one lane) by the kernels for matrices of either kind. */
export interface Costs {
  readonly sparse: number
  readonly dense: number
}

/** Runs for as many samples as lanes, of which the first `samples` count. */
export type Task = (samples: number) => void

/** Facts about a step of a program. */
export interface StepFacts {
  readonly layer: string
  readonly kind: string
  /** How a product is summed. */
  readonly way?: 'sparse' | 'dense'
  /** Of one sample. */
  readonly multiplyAdds?: number
}

/** Samples side by side: 16 fill a narrow block, 32 a wide one. */
export type Lanes = 1 | 16 | 32

/** The forms in which a value is at hand. */
export interface Forms {
  flat?: Flat
  planes?: Planes
  /** For the windows of all its readers, which want the same. */
  phases?: Phases
  /** Not made yet: its reader makes it, a few channels at a time. */
  pending?: PlaneProduct
}

/** A product that is summed on planes. */
export interface PlaneProduct {
  readonly input: number
  readonly output: number
  readonly product: Product
}

/** Gathers the tasks of a program, with the buffers that they need. */
export interface Builder extends Machine {
  readonly network: Network
  readonly uses: Uses
  readonly lanes: Lanes
  readonly costs: Costs
  readonly loops: ElementLoops
  readonly floats: () => Float32Array
  readonly shapeOf: (value: number) => Shape
  readonly formsOf: (value: number) => Forms
  /** A value that the network does not have. */
  readonly addValue: (shape: Shape) => number
  /** Room from this moment on, for `floats` numbers. */
  readonly room: (floats: number) => Buffer
  /** Room that holds a value from the beginning and that no other task writes to. */
  readonly lastingRoom: (floats: number, value: number) => Buffer
  /** Keeps a buffer until this moment. */
  readonly keep: (buffer: Buffer) => Buffer
  /** Nobody reads the elements of a value after this moment. */
  readonly dies: (value: number) => boolean
  /** Makes a task once all addresses are known. */
  readonly emit: (make: () => Task) => void
  readonly begin: (step: number, facts: StepFacts) => void
  readonly note: (facts: Pick<StepFacts, 'way' | 'multiplyAdds'>) => void
  /**
   * Makes all tasks, and lets go of the network, which tasks do not need. Each of several copies
   * has buffers of its own.
   */
  readonly finish: (copies?: number) => Built
}

export interface Built {
  readonly bytes: number
  readonly steps: readonly { readonly facts: StepFacts; readonly tasks: readonly Task[] }[]
  /** The tasks of each further copy, step by step. */
  readonly others: readonly (readonly (readonly Task[])[])[]
  /** To be called before tasks of another copy run. */
  readonly use: (copy: number) => void
}

interface Options {
  readonly lanes: Lanes
  readonly costs: Costs
}

export function createBuilder(
  network: Network,
  machine: Machine,
  { lanes, costs }: Options,
): Builder {
  const { memory } = machine
  const shapes = [...network.shapes]
  const forms: Forms[] = shapes.map(() => ({}))
  const buffers: Buffer[] = []
  let lasting = 0
  let now = -1
  const floats = floatsOf(memory)
  const moments: { facts: StepFacts; makers: (() => Task)[] }[] = []
  const builder: Builder = {
    ...machine,
    ...{ network, uses: usesOf(network), lanes, costs, floats },
    loops: machine.loops ?? plainLoops(floats),
    shapeOf: (value) => shapes[value]!,
    formsOf: (value) => forms[value]!,
    addValue: (shape) => {
      forms.push({})
      return shapes.push(shape) - 1
    },
    room: (floats) => {
      const bytes = roundUp(floats * 4)
      const buffer = { bytes, first: now, last: now, place: 0, address: 0 }
      buffers.push(buffer)
      return buffer
    },
    lastingRoom: (floats, value) => {
      const bytes = roundUp(floats * 4)
      const address = memory.reserve(bytes + SLACK)
      if (value !== 0) builder.floats().fill(value, address / 4, (address + bytes) / 4)
      lasting += bytes + SLACK
      return { bytes, first: now, last: Number.POSITIVE_INFINITY, address, place: 0 }
    },
    keep: (buffer) => {
      buffer.last = Math.max(buffer.last, now)
      return buffer
    },
    dies: (value) => value < builder.network.shapes.length && builder.uses.lastUse(value) <= now,
    emit: (make) => moments.at(-1)!.makers.push(make),
    begin: (step, facts) => {
      now = step
      moments.push({ facts, makers: [] })
    },
    note: (facts) => {
      const moment = moments.at(-1)!
      moment.facts = { ...moment.facts, ...facts }
    },
    finish: (copies = 1) => {
      const bytes = roundUp(planBuffers(buffers) + SLACK)
      const base = memory.reserve(bytes * copies)
      const use = (copy: number) => {
        for (const buffer of buffers) buffer.address = base + copy * bytes + buffer.place
      }
      const all = Array.from({ length: copies }, (_, copy) => {
        use(copy)
        return moments.map(({ makers }) => makers.map((make) => make()))
      })
      const steps = moments.map(({ facts }, i) => ({ facts, tasks: all[0]![i]! }))
      const others = all.slice(1)
      use(0)
      moments.length = 0
      Object.assign(builder, { network: undefined, uses: undefined })
      return { bytes: bytes * copies + lasting, steps, others, use }
    },
  }
  return builder
}

function roundUp(bytes: number): number {
  return Math.ceil(Math.max(bytes, 16) / 64) * 64
}
