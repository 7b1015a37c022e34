import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { nodesOf, parseGfm, textOf } from '../report/gfm.ts'

export const root = resolve(import.meta.dirname, '../..')

/** A block of code on a page. */
export interface Block {
  readonly page: string
  readonly line: number
  /** The page's path and the line of the fence. */
  readonly at: string
  readonly lang: string
  /** What stands behind the language, such as `old`. */
  readonly meta: string
  readonly text: string
  /** The heading above it. */
  readonly section: string
}

export interface Page {
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
  readonly links: readonly { readonly url: string; readonly line: number }[]
  /** What `#…` can lead to. */
  readonly anchors: ReadonlySet<string>
}

const read = new Map<string, Page>()

export function pageAt(path: string): Page {
  const page = read.get(path) ?? readPage(path)
  read.set(path, page)
  return page
}

/** Every page that a person wrote. */
export const pages: readonly Page[] = pagePaths()
  .filter((path) => !readFileSync(join(root, path), 'utf8').startsWith('<!-- Written by'))
  .map(pageAt)

export function pagePaths(): string[] {
  const inDocs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`)
  return ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...inDocs.filter((path) => path.endsWith('.md')).sort()]
}

interface Placed {
  readonly type: string
  readonly meta?: string | null
  readonly position: { readonly start: { readonly line: number } }
}

function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8')
  const blocks: Block[] = []
  const links: { url: string; line: number }[] = []
  const anchors = new Set<string>()
  let section = ''
  for (const node of nodesOf(parseGfm(text), 'heading', 'code', 'link', 'definition')) {
    const { meta, position } = node as unknown as Placed
    const { line } = position.start
    if (node.type === 'heading') {
      section = textOf(node)
      anchors.add(freeAnchor(anchorOf(section), anchors))
    } else if (node.type === 'code') {
      blocks.push({ page: path, line, at: `${path}:${line}`, lang: node.lang ?? '', meta: meta ?? '', text: `${node.value}\n`, section })
    } else links.push({ url: node.url ?? '', line })
  }
  return { path, text, blocks, links, anchors }
}

/** As GitHub makes them: small letters, no punctuation, hyphens for blanks. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-')
}

function freeAnchor(anchor: string, taken: ReadonlySet<string>): string {
  for (let n = 0; ; n++) {
    const name = n === 0 ? anchor : `${anchor}-${n}`
    if (!taken.has(name)) return name
  }
}
