import { strict as assert } from 'node:assert'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PeerTool } from '../peer-tool.ts'

const path = join(import.meta.dirname, '../../../docs/round-trips.md')
const [begin, end] = ['<!-- proofs:begin -->\n', '<!-- proofs:end -->\n']

/** Heads of the page's tables, by what is measured. */
const tables = [
  {
    toolFirstPre: 'tool, then Shiplock: pre',
    toolFirstPost: 'post',
    shiplockFirstPre: 'Shiplock, then tool: pre',
    shiplockFirstPost: 'post',
    heldBack: '`up`, post held back',
    backByShiplock: 'back by Shiplock',
    backByTool: 'back by the tool',
    adopted: '130 applied, adopted',
  },
  {
    hole: 'a file older than the newest that ran',
    missing: 'a version whose file is missing',
    lock: 'its own lock',
    toolInTheMiddle: '`up` in the middle of `migrate`',
    repeatable: 'there, a change that could run twice ran',
    shiplockInTheMiddle: '`migrate` in the middle of `up`',
    table: 'version table',
  },
] as const
type Column = keyof (typeof tables)[0] | keyof (typeof tables)[1]
export type Measured = Readonly<Partial<Record<Column, string>>>

/** Throws when the page says something else than what was measured, or writes it there. */
export async function comparePage(measured: ReadonlyMap<PeerTool, Measured>, write: boolean): Promise<void> {
  const page = await readFile(path, 'utf8')
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)]
  const block = `\n${tables.map((heads) => printTable(heads, measured)).join('\n')}\n`
  if (write) await writeFile(path, page.slice(0, from) + block + page.slice(to))
  else assert.equal(page.slice(from, to), block, 'docs/round-trips.md says something else: tsx test/peers/round-trips.ts --write renews it')
}

function printTable(heads: Readonly<Record<string, string>>, measured: ReadonlyMap<PeerTool, Measured>): string {
  const rows = [...measured].map(([tool, found]) => [
    `${tool.layout} ${tool.version}`,
    ...Object.keys(heads).map((column) => found[column as Column] ?? assert.fail(`${tool.layout} was not measured: ${column}`)),
  ])
  const head = ['', ...Object.values(heads)]
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}
