import { foldScales } from './fold-scales.js'
import { joinPads } from './join-pads.js'
import { joinTransposes } from './join-transposes.js'
import { keepPads } from './keep-pads.js'
import { nameOutputs } from './name-outputs.js'
import { neededNodes } from './needed-nodes.js'
import type { Pass } from './pass.js'

/** Makes a graph small: one node less after the other, the same outcome. */
export const simplify: Pass = (graph) =>
  [joinTransposes, joinPads, neededNodes, foldScales, nameOutputs, neededNodes, keepPads].reduce(
    (made, pass) => pass(made),
    graph,
  )
