import type { Attribute, Constant, Elements, Node, Side, Value } from './graph.js'

/** All of a node but its names. */
export interface NodeParts {
  readonly inputs: readonly (Value | string)[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Shape of the outcome, as tfjs has it. */
  readonly shape: readonly Side[]
  readonly dtype?: Value['dtype']
  readonly channelsFirst?: boolean
}

/** A graph that grows. */
export interface GraphBuilder {
  /** The version of the operations. */
  readonly opset: number
  readonly nodes: readonly Node[]
  readonly constants: readonly Constant[]
  /** Adds a node with one output. Its name begins with that of the layer that is being written. */
  readonly node: (op: string, parts: NodeParts) => Value
  /** Adds a node with several outputs; '' for those that nobody reads. */
  readonly nodeOf: (
    op: string,
    parts: Omit<NodeParts, 'shape'>,
    outputs: readonly (Omit<Value, 'name'> | undefined)[],
  ) => readonly Value[]
  /** Names a constant of that name, which is made once. */
  readonly constant: (name: string, make: () => Omit<Constant, 'name'>) => string
  /** The name of a list of whole numbers, or of one number: such constants are shared. */
  readonly ints: (values: readonly number[]) => string
  readonly scalar: (value: number, dtype?: 'float32' | 'int32') => string
  /** The value with its channels second, or last, in the file; turned at most once. */
  readonly channelsFirst: (value: Value) => Value
  readonly channelsLast: (value: Value) => Value
  /** Tells whose nodes follow. */
  readonly enter: (layer: string) => void
}

/** Options of {@link newBuilder}. */
export interface BuilderOptions {
  readonly opset: number
  /** Names of inputs and outputs: nothing else is called so. */
  readonly reserved: readonly string[]
}

/** Opens an empty graph. */
export function newBuilder({ opset, reserved }: BuilderOptions): GraphBuilder {
  const nodes: Node[] = []
  const constants = new Map<string, Constant>()
  const turned = new Map<string, Value>()
  const names = new Set<string>(reserved)
  let layer = ''
  const unique = (wanted: string, ending = ''): string => {
    let name = wanted
    const isTaken = () => names.has(name) || names.has(`${name}${ending}`)
    for (let count = 1; isTaken(); count++) name = `${wanted}_${count}`
    names.add(name).add(`${name}${ending}`)
    return name
  }
  const nodeOf: GraphBuilder['nodeOf'] = (op, { inputs, attributes = {} }, outputs) => {
    const name = unique(`${layer}/${op}`, ':out')
    const made = outputs.map((output, i) =>
      output ? { ...output, name: i === 0 ? `${name}:out` : `${name}:out${i}` } : undefined,
    )
    nodes.push({
      name,
      op,
      inputs: inputs.map((input) => (typeof input === 'string' ? input : input.name)),
      outputs: made.map((output) => output?.name ?? ''),
      attributes,
    })
    return made as readonly Value[]
  }
  const node: GraphBuilder['node'] = (op, parts) => {
    const { shape, dtype, channelsFirst } = parts
    const output = { shape, ...(dtype && { dtype }), ...(channelsFirst && { channelsFirst }) }
    return nodeOf(op, parts, [output])[0]!
  }
  const constant: GraphBuilder['constant'] = (name, make) => {
    if (!constants.has(name)) constants.set(name, { name: unique(name), ...make() })
    return constants.get(name)!.name
  }
  const shared = (name: string, values: Elements, shape: readonly number[]) =>
    constant(name, () => ({ values, shape }))
  const turn = (value: Value, first: boolean): Value => {
    if (value.shape.length < 3 || Boolean(value.channelsFirst) === first) return value
    const known = turned.get(value.name)
    if (known) return known
    const axes = value.shape.map((_, axis) => axis)
    const last = axes.length - 1
    const perm = first ? [0, last, ...axes.slice(1, last)] : [0, ...axes.slice(2), 1]
    const made = node('Transpose', {
      inputs: [value],
      attributes: { perm: { ints: perm } },
      ...{ shape: value.shape, channelsFirst: first },
      ...(value.dtype && { dtype: value.dtype }),
    })
    turned.set(value.name, made).set(made.name, value)
    return made
  }
  return {
    ...{ opset, nodes, node, nodeOf, constant },
    get constants() {
      return [...constants.values()]
    },
    ints: (values) =>
      shared(`ints:${values.join(',')}`, BigInt64Array.from(values.map(BigInt)), [values.length]),
    scalar: (value, dtype = 'float32') =>
      dtype === 'int32'
        ? shared(`int32:${value}`, Int32Array.of(value), [])
        : shared(`float32:${value}`, Float32Array.of(value), []),
    channelsFirst: (value) => turn(value, true),
    channelsLast: (value) => turn(value, false),
    enter: (next) => {
      layer = next
    },
  }
}
