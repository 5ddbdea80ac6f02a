import { type Call, channelsOf } from './graph.js'

/** Tells that an output channel is computed from a channel of an input. */
export type Link = (input: number, from: number, to: number) => void

/** How the channels of a layer's output hang on those of its inputs. */
export type Wiring =
  /** Channel by channel: those that are linked stay or go together. */
  | { readonly kind: 'through'; readonly each: (link: Link) => void }
  /** Each output from all inputs, by a kernel. `closed` says why the outputs may not change. */
  | { readonly kind: 'kernel'; readonly closed?: string }
  /** Rows of a table, found by number. */
  | { readonly kind: 'table' }
  /** Not known: neither inputs nor outputs may change. */
  | { readonly kind: 'closed'; readonly reason: string }

type Rule = (call: Call, config: Readonly<Record<string, unknown>>) => Wiring

const closed = (reason: string): Wiring => ({ kind: 'closed', reason })

/** Functions of single elements; softmax, the sum of which is 1, is none. */
const ELEMENTWISE = [
  ...['linear', 'relu', 'relu6', 'elu', 'selu', 'gelu', 'gelu_new', 'mish', 'swish'],
  ...['sigmoid', 'hardSigmoid', 'softplus', 'softsign', 'tanh'],
]

const sameChannel: Rule = ({ inputs, outputs }) => {
  const channels = channelsOf(outputs[0]!)
  const different = inputs.find((tensor) => channelsOf(tensor) !== channels)
  if (different) return closed(`its inputs have ${channelsOf(different)} and ${channels} channels`)
  const each = (link: Link) => {
    for (let input = 0; input < inputs.length; input++) {
      for (let channel = 0; channel < channels; channel++) link(input, channel, channel)
    }
  }
  return { kind: 'through', each }
}

/** A row-major tensor cut into other rows: places in steps of the shorter row. */
const sameOrder: Rule = ({ inputs, outputs }) => {
  const [own, made] = [channelsOf(inputs[0]!), channelsOf(outputs[0]!)]
  const [short, long] = [Math.min(own, made), Math.max(own, made)]
  if (short === 0 || long % short !== 0)
    return closed(`it cuts rows of ${own} into rows of ${made}`)
  const each = (link: Link) => {
    for (let place = 0; place < long; place++) link(0, place % own, place % made)
  }
  return { kind: 'through', each }
}

const activation: Rule = (call, { activation: name }) =>
  ELEMENTWISE.includes(name as string)
    ? sameChannel(call, {})
    : closed(`${name} looks at all channels`)

const batchNormalization: Rule = (call, { axis }) => {
  const last = call.inputs[0]!.shape.length - 1
  // Keras writes a list of one axis, and tfjs computes with it as with a number.
  const [own] = [axis].flat()
  return own === -1 || own === last
    ? sameChannel(call, {})
    : closed('it normalises another axis than the last')
}

const dropout: Rule = (call, { noiseShape }) => {
  const side = (noiseShape as number[] | null | undefined)?.at(-1) ?? 1
  return side === 1 ? sameChannel(call, {}) : closed('its noise has a fixed number of channels')
}

const permute: Rule = (call, { dims }) => {
  const order = dims as number[]
  return order.at(-1) === order.length ? sameChannel(call, {}) : closed('it moves the last axis')
}

const concatenate: Rule = (call, { axis }) => {
  const { inputs, outputs } = call
  const rank = outputs[0]!.shape.length
  if (axis !== -1 && axis !== rank - 1) return sameChannel(call, {})
  const each = (link: Link) => {
    let offset = 0
    for (const [input, tensor] of inputs.entries()) {
      for (let channel = 0; channel < channelsOf(tensor); channel++) link(input, channel, offset++)
    }
  }
  return { kind: 'through', each }
}

const depthwise: Rule = (call, { activation: name, depthMultiplier }) => {
  if (!ELEMENTWISE.includes(name as string)) return closed(`its ${name} looks at all channels`)
  const each = (link: Link) => {
    for (let to = 0; to < channelsOf(call.outputs[0]!); to++)
      link(0, Math.floor(to / Number(depthMultiplier)), to)
  }
  return { kind: 'through', each }
}

const kernel: Rule = (_, { activation: name }) =>
  ELEMENTWISE.includes(name as string)
    ? { kind: 'kernel' }
    : { kind: 'kernel', closed: `its ${name} looks at all units` }

const KERNELS = [
  'Dense',
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'Conv2DTranspose',
  'Conv3DTranspose',
  'SeparableConv2D',
]
const CHANNELWISE = [
  ...['ReLU', 'LeakyReLU', 'PReLU', 'ELU', 'ThresholdedReLU'],
  ...['SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'],
  ...[
    'MaxPooling1D',
    'MaxPooling2D',
    'MaxPooling3D',
    'AveragePooling1D',
    'AveragePooling2D',
    'AveragePooling3D',
  ],
  ...[
    'GlobalMaxPooling1D',
    'GlobalMaxPooling2D',
    'GlobalAveragePooling1D',
    'GlobalAveragePooling2D',
  ],
  ...['ZeroPadding2D', 'Cropping2D', 'UpSampling2D', 'RepeatVector'],
  ...['Add', 'Average', 'Multiply', 'Maximum', 'Minimum'],
]

const rulesOf = (names: readonly string[], rule: Rule): [string, Rule][] =>
  names.map((name) => [name, rule])

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...rulesOf(KERNELS, kernel),
  ...rulesOf(CHANNELWISE, sameChannel),
  ...rulesOf(['Flatten', 'Reshape'], sameOrder),
  ['Activation', activation],
  ['BatchNormalization', batchNormalization],
  ['Concatenate', concatenate],
  ['DepthwiseConv2D', depthwise],
  ['Dropout', dropout],
  ['Embedding', () => ({ kind: 'table' })],
  ['Permute', permute],
])

/** How the channels of a call hang together, by the class of its layer. */
export function wiringOf(call: Call): Wiring {
  const config = call.layer.getConfig()
  if (config.dataFormat === 'channelsFirst') return closed('its channels are not on the last axis')
  const rule = RULES.get(call.className)
  return rule ? rule(call, config) : closed(`${call.className} may look at all channels`)
}
