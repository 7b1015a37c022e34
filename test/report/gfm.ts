import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** The part of a Markdown tree that the tests look at. */
export interface Node {
  readonly type: string
  readonly value?: string
  readonly url?: string
  readonly lang?: string | null
  readonly children?: readonly Node[]
}

/** Markdown as GitHub reads it, less GitHub's own filters; those are modelled by `references`. */
export function parseGfm(markdown: string): Node {
  return fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node
}

export function nodesOf(node: Node, ...types: string[]): Node[] {
  const here = types.includes(node.type) ? [node] : []
  return [...here, ...(node.children ?? []).flatMap((child) => nodesOf(child, ...types))]
}

export function types(node: Node): Set<string> {
  return new Set([node.type, ...(node.children ?? []).flatMap((child) => [...types(child)])])
}

export function textOf(node: Node): string {
  return node.value ?? (node.children ?? []).map(textOf).join('')
}

/** What GitHub's filters would make of the text outside code: mentions, issues, links, addresses, emoji. */
export function references(markdown: string | Node): string[] {
  const filters = [
    /(?<![\w`])@[a-z\d][a-z\d-]*/gi,
    /(?<!\w)(?:[\w-]+\/[\w.-]+)?#\d+/gi,
    /\bGH-\d+/gi,
    /https?:\/\/\S|\bftp:\/\/\S|\bwww\.\S/gi,
    /[\w.+-]+@[\w-]+\.\w/g,
    /:[a-z+_-][\w+-]*:/gi,
  ]
  const tree = typeof markdown === 'string' ? parseGfm(markdown) : markdown
  const texts = nodesOf(tree, 'text').map(textOf)
  return texts.flatMap((text) => filters.flatMap((filter) => text.match(filter) ?? []))
}
