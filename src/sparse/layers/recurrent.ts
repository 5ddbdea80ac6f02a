import type { Merge, Recurrent } from '../network/network.js'
import { elementwiseOption } from './activations.js'
import { type Config, countOption, flagOption } from './config.js'
import { checkRank } from './image.js'
import {
  type Declined,
  decline,
  type InnerLayer,
  isDeclined,
  type LayerReader,
  type LayerToRead,
  type Value,
} from './layer-reader.js'
import { denseValues, transposedMatrix } from './matrix.js'

const cells: Readonly<
  Record<string, { readonly cell: Recurrent['cell']; readonly gates: number }>
> = {
  SimpleRNN: { cell: 'simple', gates: 1 },
  LSTM: { cell: 'lstm', gates: 4 },
  GRU: { cell: 'gru', gates: 3 },
}

interface RecurrentOptions {
  readonly className: string
  readonly config: Config
  /** Where it is wrapped, together with the direction. */
  readonly inner?: InnerLayer
  readonly backwards: boolean
}

/** The operation of a recurrent layer, or of one in a wrapper. */
function operationOf(layer: LayerToRead, options: RecurrentOptions): Recurrent | Declined {
  const { className, config, inner, backwards } = options
  const known = Object.hasOwn(cells, className) ? cells[className] : undefined
  if (!known) return decline(`it wraps ${className}`)
  const reason = reasonAgainst(layer, config)
  if (reason) return decline(reason)
  const gated = known.cell !== 'simple'
  const activation = elementwiseOption(config, 'activation', 'tanh')
  const gate = elementwiseOption(config, 'recurrentActivation', 'hardSigmoid')
  if (typeof activation === 'string') return decline(`its activation is ${activation}`)
  if (gated && typeof gate === 'string') return decline(`its recurrentActivation is ${gate}`)
  const units = countOption(config, 'units')
  const rows = known.gates * units
  const channels = layer.inputs[0]!.shape.at(-1)!
  const weights = layer.once(`${inner?.name ?? ''}weights`, () => ({
    kernel: transposedMatrix(layer.weight('kernel', [channels, rows], inner)),
    recurrentKernel: transposedMatrix(layer.weight('recurrent_kernel', [units, rows], inner)),
    ...(flagOption(config, 'useBias', true) && {
      bias: denseValues(layer.weight('bias', [rows], inner)),
    }),
  }))
  return {
    kind: 'recurrent',
    cell: known.cell,
    units,
    ...weights,
    activation,
    ...(gated && typeof gate !== 'string' && { recurrentActivation: gate }),
    backwards,
    sequences: flagOption(config, 'returnSequences', false),
  }
}

function reasonAgainst({ inputs }: LayerToRead, config: Config): string | undefined {
  if (inputs.length > 1) return 'it is given its first state'
  if (flagOption(config, 'stateful', false)) return 'it keeps its states between batches'
  return flagOption(config, 'resetAfter', false) ? 'it resets after the product' : undefined
}

const recurrent =
  (className: string): LayerReader =>
  (layer) => {
    const { config } = layer
    const backwards = flagOption(config, 'goBackwards', false)
    if (backwards && flagOption(config, 'returnSequences', false))
      return decline('it returns its steps in reverse')
    const operation = operationOf(layer, { className, config, backwards })
    if (isDeclined(operation)) return operation
    checkRank(layer, 2)
    const emit = flagOption(config, 'returnState', false) ? emitStates : emitRecurrent
    return emit(layer, operation)
  }

/** The outcome, and the states behind the step that is computed last, as tfjs gives them. */
function emitStates(layer: LayerToRead, operation: Recurrent): Value[] {
  const { sequences, units, cell, backwards } = operation
  const steps = sequences ? layer.inputs[0]!.shape[0]! : 1
  const carries = cell === 'lstm'
  const length = steps + Number(carries)
  const all = layer.emit({ ...operation, carries }, layer.inputs, [length, units])
  const rows = (first: number, count: number) => {
    if (count === length) return all
    const amounts = [[first, length - first - count] as const, [0, 0] as const]
    return layer.emit({ kind: 'crop', amounts }, [all], [count, units])
  }
  const row = (at: number) => layer.emit({ kind: 'reshape' }, [rows(at, 1)], [units])
  const state = row(backwards && sequences ? 0 : steps - 1)
  return [sequences ? rows(0, steps) : state, state, ...(carries ? [row(steps)] : [])]
}

const emitRecurrent = (layer: LayerToRead, operation: Recurrent) => {
  const [input] = layer.inputs
  const { sequences, units } = operation
  return layer.emit(operation, [input!], sequences ? [input!.shape[0]!, units] : [units])
}

const merges: Readonly<Record<string, Merge['of']>> = {
  sum: 'add',
  ave: 'average',
  mul: 'multiply',
}

const bidirectional: LayerReader = (layer) => {
  const { className = '', config = {} } = layer.config.layer as {
    className?: string
    config?: Config
  }
  const mode = layer.config.mergeMode
  const merge = Object.hasOwn(merges, String(mode)) ? merges[String(mode)] : undefined
  if (!merge && mode !== 'concat') return decline(`its mergeMode is ${mode}`)
  if (flagOption(config, 'goBackwards', false)) return decline('its layer goes backwards')
  if (flagOption(config, 'returnState', false)) return decline('it returns its states')
  const directed = (direction: string, backwards: boolean) => {
    const name = `${direction}_${config.name}`
    return operationOf(layer, { className, config, inner: { name, saved: name }, backwards })
  }
  const [forward, backward] = [directed('forward', false), directed('backward', true)]
  if (isDeclined(forward)) return forward
  if (isDeclined(backward)) return backward
  checkRank(layer, 2)
  const both = [emitRecurrent(layer, forward), emitRecurrent(layer, backward)] as const
  const { shape } = both[0]
  if (merge) return layer.emit({ kind: 'merge', of: merge }, both, shape)
  const joined = [...shape.slice(0, -1), 2 * shape.at(-1)!]
  return layer.emit({ kind: 'concatenate', axis: shape.length - 1 }, both, joined)
}

export const recurrentReaders = {
  SimpleRNN: recurrent('SimpleRNN'),
  LSTM: recurrent('LSTM'),
  GRU: recurrent('GRU'),
  Bidirectional: bidirectional,
}
