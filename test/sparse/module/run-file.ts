/** A module in use: one sample in, its outputs out. */
export async function openFile(file: Uint8Array<ArrayBuffer>) {
  const module = await WebAssembly.compile(file)
  const { exports } = await WebAssembly.instantiate(module)
  const { memory, run, ...globals } = exports as unknown as {
    memory: WebAssembly.Memory
    run: () => number
  } & Record<string, WebAssembly.Global>
  const [section] = WebAssembly.Module.customSections(module, 'tfjs-prune')
  const facts = JSON.parse(new TextDecoder().decode(section)) as {
    inputs: number[][]
    outputs: number[][]
    decision?: object
    metadata: Record<string, string>
  }
  const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)
  const at = (name: string, shape: readonly number[]) =>
    new Float32Array(memory.buffer, globals[name]!.value, size(shape))
  return {
    ...{ module, facts },
    run: (inputs: readonly Float32Array[]) => {
      for (const [i, shape] of facts.inputs.entries()) at(`input${i}`, shape).set(inputs[i]!)
      return run()
    },
    outputs: () => facts.outputs.map((shape, i) => at(`output${i}`, shape).slice()),
  }
}
