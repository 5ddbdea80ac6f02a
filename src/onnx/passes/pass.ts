import type { OnnxGraph } from '../graph/graph.js'

/** A rewriting of a graph that changes no outcome. */
export type Pass = (graph: OnnxGraph) => OnnxGraph
