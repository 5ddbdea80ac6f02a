import type { Axis, LayerKind } from './layer-kind.js'

interface Facts extends Pick<LayerKind, 'gates' | 'window'> {
  readonly called: 'units' | 'filters'
}

const recurrent = (className: string, { called, ...facts }: Facts): LayerKind => {
  const cell: Axis = facts.gates ? ['gate', 'out'] : 'out'
  return {
    className,
    weights: {
      kernel: { use: 'kernel', axes: ['in', cell] },
      recurrent_kernel: {
        use: 'kernel',
        axes: ['state', cell],
        initializer: 'recurrentInitializer',
      },
      bias: { use: 'shift', axes: [cell], option: 'useBias' },
    },
    sizes: { out: called },
    recurrent: true,
    cell: `${className}Cell`,
    called,
    ...facts,
  }
}

const GATES_OF_LSTM = ['input', 'forget', 'candidate', 'output']

export const simpleRNN = recurrent('SimpleRNN', { called: 'units' })
export const gru = recurrent('GRU', { called: 'units', gates: ['update', 'reset', 'candidate'] })
export const lstm = recurrent('LSTM', { called: 'units', gates: GATES_OF_LSTM })
export const convLSTM2D = recurrent('ConvLSTM2D', {
  called: 'filters',
  gates: GATES_OF_LSTM,
  window: 'gathers',
})
