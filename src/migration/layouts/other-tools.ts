import { ReleaseError } from '../../errors.ts'
import type { Layout } from '../layout.ts'

interface OtherTool {
  readonly name: string
  readonly layout?: Layout['name']
  /** Any line by which its files are known. */
  readonly mark: RegExp
  /** The line behind which its way back stands, where no other file would have one. */
  readonly down?: RegExp
}

/** Tools that keep the way back in the same file: run as a whole, such a file undoes itself. */
const tools: readonly OtherTool[] = [
  { name: 'dbmate', layout: 'dbmate', mark: /^[ \t]*--[ \t]*migrate:(?:up|down)\b/im, down: /^[ \t]*--[ \t]*migrate:down\b.*$/im },
  { name: 'goose', layout: 'goose', mark: /^[ \t]*--[ \t]*\+goose\b/im, down: /^[ \t]*--[ \t]*\+goose[ \t]+down\b.*$/im },
  { name: 'sql-migrate', mark: /^[ \t]*--[ \t]*\+migrate\b/im, down: /^[ \t]*--[ \t]*\+migrate[ \t]+down\b.*$/im },
  { name: 'micrate', mark: /^[ \t]*--[ \t]*\+micrate\b/im, down: /^[ \t]*--[ \t]*\+micrate[ \t]+down\b.*$/im },
  { name: 'rambler', mark: /^[ \t]*--[ \t]*rambler[ \t]+(?:up|down)\b/im, down: /^[ \t]*--[ \t]*rambler[ \t]+down\b.*$/im },
  { name: 'node-pg-migrate', mark: /^[ \t]*--[ \t]*down migration[ \t]*$/im },
  { name: 'MyBatis Migrations', mark: /^[ \t]*--[ \t]*\/\/[ \t]*@undo\b/im },
  { name: 'Liquibase', mark: /^[ \t]*--[ \t]*liquibase formatted sql\b/im },
]

/** For plain SQL, which no tool has marked. */
export function refuseOtherTools(path: string, text: string): void {
  if (/\.up\.sql$/i.test(path))
    throw writtenFor('a tool with .up.sql and .down.sql files', path, 'plain SQL', 'Set migrations.layout to golang-migrate, or to sqlx.')
  const tool = tools.find(({ mark }) => mark.test(text))
  if (tool !== undefined) throw writtenFor(tool.name, path, 'plain SQL', hintFor(tool))
}

/** For a tool that sends the whole file: a mark alone, as of a team that changed its tool, does no harm. */
export function refuseWayBack(path: string, text: string, as: Layout['name']): void {
  const tool = tools.find(({ down }) => {
    const found = down?.exec(text)
    return found != null && holdsStatement(text.slice(found.index + found[0].length))
  })
  if (tool !== undefined) throw writtenFor(tool.name, path, `a file of ${as}`, hintFor(tool))
}

function holdsStatement(text: string): boolean {
  return text.split('\n').some((line) => !/^\s*(?:--.*)?$/.test(line))
}

function writtenFor(tool: string, path: string, as: string, hint: string): ReleaseError {
  return new ReleaseError('unsupported-migration', `${path} is written for ${tool}; as ${as} its way back would run too.`, {
    at: path,
    hint,
  })
}

function hintFor({ layout }: OtherTool): string {
  return layout === undefined
    ? 'Shiplock has no layout for it: keep running these files with their own tool (migrations.layout: command).'
    : `Set migrations.layout to ${layout}.`
}
