import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseStatements } from '../../src/sql/parse.ts'
import type { HistoryPackage } from './packages.ts'

/** The migrations of a package as files of a layout that Shiplock reads, by name. */
export async function convertHistory(one: HistoryPackage, folder: string): Promise<Readonly<Record<string, string>>> {
  const names = readdirSync(folder).sort()
  const text = (name: string) => render(readFileSync(join(folder, name), 'utf8'), one.placeholders)
  switch (one.form) {
    case 'goose':
      return Object.fromEntries(names.map((name) => [name, text(name)]))
    case 'prisma': {
      const holding = names.filter((name) => existsSync(join(folder, name, 'migration.sql')))
      const sent = holding.map(async (name) => [`${name}.sql`, await sentWhole(text(join(name, 'migration.sql')))] as const)
      return numbered(await Promise.all(sent))
    }
    case 'up-and-down': {
      const named = names.filter((name) => /\.(?:up|down)\.sql$/.test(name))
      return Object.fromEntries(named.map((name) => [name.replace(/\.up\.sql$/, '.sql'), text(name)]))
    }
    case 'files':
      return numbered(names.filter((name) => name.endsWith('.sql')).map((name) => [name, text(name)]))
  }
}

/** Prisma opens no transaction, and sends a file in one message: the server makes one of it when it has several statements. */
async function sentWhole(text: string): Promise<string> {
  const parsed = await parseStatements(text)
  return 'statements' in parsed && parsed.statements.length === 1 ? `-- shiplock: no-transaction\n${text}` : text
}

function render(text: string, placeholders: Readonly<Record<string, string>> = {}): string {
  return Object.entries(placeholders).reduce((rendered, [word, value]) => rendered.replaceAll(word, value), text)
}

/** Dotted versions, and stamps that were given twice, become plain numbers in the same order. */
function numbered(files: readonly (readonly [name: string, text: string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.map(([name, text], index) => {
      const words = name.replace(/\.sql$/, '').replace(/^[\d.]+_?/, '')
      return [`${String(index + 1).padStart(4, '0')}${words === '' ? '' : `_${words}`}.sql`, text]
    }),
  )
}
