/**
 * The names of a model's outputs in a file. A name that an input or an output before it has gets a
 * number behind it: each name of a file stands for one tensor.
 */
export function outputNamesIn(
  inputNames: readonly string[],
  outputNames: readonly string[],
): readonly string[] {
  const taken = new Set<string>(inputNames)
  return outputNames.map((wanted, i) => {
    const isFree = (name: string) => !taken.has(name) && !outputNames.includes(name)
    let name = wanted
    if (taken.has(wanted)) for (let count = i; !isFree(name); count++) name = `${wanted}_${count}`
    taken.add(name)
    return name
  })
}
