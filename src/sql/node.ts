import type { Node } from '@pgsql/types'

/** What kind of statement or expression a node is, such as `IndexStmt`. */
export type NodeKind = Node extends infer One ? (One extends unknown ? keyof One : never) : never

/** What a node of a kind holds. */
export type ContentOf<Kind extends NodeKind> = Kind extends unknown
  ? Extract<Node, Record<Kind, unknown>> extends Record<Kind, infer Content>
    ? Content
    : never
  : never

/** The kind of a node and what it holds. */
export function openNode(node: Node): { readonly kind: NodeKind; readonly content: unknown } {
  const [kind, content] = Object.entries(node)[0] ?? []
  return { kind: kind as NodeKind, content }
}

/** Those of the nodes that are of a kind, opened. */
export function nodesOf<Kind extends NodeKind>(nodes: readonly Node[] | undefined, kind: Kind): ContentOf<Kind>[] {
  return (nodes ?? []).flatMap((node) => (kind in node ? [(node as Record<Kind, ContentOf<Kind>>)[kind]] : []))
}
