import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'

type Layer = layers.Layer
type Activation = 'sigmoid' | 'hardSigmoid' | 'softmax' | 'linear' | 'tanh' | 'relu'

/** A dense layer whose kernel is the identity: it applies its activation to its inputs. */
export function identity(activation: Activation, units = 2): Layer {
  return layers.dense({ units, activation, useBias: false, kernelInitializer: 'identity' })
}

/** A model of one input of `size` numbers, through layer after layer. */
export function chain(size: number, ...all: Layer[]): LayersModel {
  const inputs = input({ shape: [size] })
  const outputs = all.reduce((x, layer) => layer.apply(x) as SymbolicTensor, inputs)
  return model({ inputs, outputs })
}

/** A model whose input goes through several branches, which `merge` puts together. */
export function merged(size: number, merge: Layer, ...branches: Layer[]): LayersModel {
  const inputs = input({ shape: [size] })
  const parts = branches.map((branch) => branch.apply(inputs) as SymbolicTensor)
  return model({ inputs, outputs: merge.apply(parts) as SymbolicTensor })
}
