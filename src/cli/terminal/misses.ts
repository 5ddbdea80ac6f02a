/** The remark of commands that change values and have no samples to measure misses on. */
export const notMeasured =
  'Misses were not measured: check the model on your own data before you use it'

/** The remark of a list of sizes. */
export const missesOfSizes =
  'Misses were not measured: float32 keeps every value, the other types change them'

/** The remark of a file whose values have a type. */
export const missesOfType = (type: string): string =>
  type === 'float32' ? 'The values are those of the model, so that its misses are too' : notMeasured

/** The remark of a smaller network with the same outputs. */
export const missesOfShrunk = (type: string): string =>
  type === 'float32'
    ? 'Misses were not measured: the outputs on random samples are those of the model'
    : notMeasured

/** The remark of a module that computes as compiled networks do. */
export const missesOfWasm =
  'Misses were not measured: for a sample the outputs are those of the compiled network'

/** The remark of a file for another runtime, whose arithmetic rounds in its own way. */
export const missesOfOnnx =
  'Misses were not measured: run the file on your own data in the runtime that it is for'
