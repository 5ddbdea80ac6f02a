import type { GraphNode } from './graph-node.js'

/**
 * Operations that choose places, count them or compute with weights: places that come from them are
 * those of anchors or positions, not of words or categories.
 */
const CHOOSING =
  /^(TopK|NonMaxSuppression|Arg|Where|Range|Shape|Size|Rank|Conv|_Fused|Fused|MatMul|BatchMatMul|Depthwise|Einsum)/

/**
 * Whether a table is an embedding: the places that a node reads in it are given to the model, and
 * not found by it. Others are constants, such as anchors, whose values mean something by
 * themselves.
 */
export function arePlacesGiven({ input = [] }: GraphNode, byName: ReadonlyMap<string, GraphNode>) {
  const left = input.slice(1, 2)
  const seen = new Set<string>()
  while (left.length > 0) {
    const name = left.pop()!.split(':')[0]!
    if (name.startsWith('^') || seen.has(name)) continue
    seen.add(name)
    const node = byName.get(name)
    // An argument of a function is no node of its scope.
    if (!node || node.op.startsWith('Placeholder')) return true
    if (!CHOOSING.test(node.op)) left.push(...(node.input ?? []))
  }
  return false
}
