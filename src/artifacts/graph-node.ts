/** A node of the GraphDef of a graph model, as its JSON has it. */
export interface GraphNode {
  readonly name: string
  readonly op: string
  /** Names of the nodes that it reads, `name:1` for a second output, `^name` for an order alone. */
  readonly input?: readonly string[]
  readonly attr?: Readonly<Record<string, { readonly b?: boolean } | undefined>>
}

interface GraphTopology {
  readonly node?: readonly GraphNode[]
  readonly library?: {
    readonly function?: readonly { readonly nodeDef?: readonly GraphNode[] }[]
  }
}

/** Whether a topology is a graph of operations. */
export function isGraph(topology: unknown): topology is GraphTopology {
  return Array.isArray((topology as GraphTopology | undefined)?.node)
}

/** The nodes of a graph, and those of each of its functions, where names may occur again. */
export function scopesOf({ node = [], library }: GraphTopology): (readonly GraphNode[])[] {
  return [node, ...(library?.function ?? []).map((one) => one?.nodeDef ?? [])]
}
