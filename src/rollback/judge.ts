import { readStatements } from '../lint/down/judge-files.ts'
import { judgeWayBack, type WayBack } from '../lint/down/way-back.ts'
import { lint } from '../lint/engine.ts'
import type { Finding } from '../lint/finding.ts'
import { type LintFile, openFile } from '../lint/lint-file.ts'
import { rules } from '../lint/rules/index.ts'
import type { Layout } from '../migration/layout.ts'
import { byVersion, isRepeatable, type Migration } from '../migration/migration.ts'
import type { Statement } from '../sql/parse.ts'
import { positionFromUtf16, type SourcePosition } from '../sql/position.ts'
import { copySchema } from '../sql/schema/copy.ts'
import { applyStatement } from '../sql/schema/replay.ts'
import { emptySchema, type Schema } from '../sql/schema/schema.ts'
import type { Concern } from './concern.ts'
import { concern, type Meets } from './concerns/meets.ts'
import { concernOf, furtherRules } from './concerns/of-finding.ts'
import { concernsOf } from './concerns/of-statement.ts'
import { subjectOf } from './concerns/subject.ts'
import { type Down, downOf } from './down.ts'

/** Whether what a statement did to the data can be undone. */
interface WayBackOfData {
  readonly kind: 'lossless' | 'lossy' | 'impossible'
  /** What is lost, in words that follow "loses", or why there is no way back. */
  readonly what?: string
}

/** A statement that ran since the target release, and what it means for the target's code by the rules. */
export interface Judged {
  readonly migration: Pick<Migration, 'id' | 'version' | 'phase'>
  readonly path: string
  readonly start: SourcePosition
  readonly statement: string
  readonly concerns: readonly Concern[]
  readonly data: WayBackOfData
}

export interface Since {
  /** The migrations of the target release. */
  readonly target: readonly Migration[]
  /** Those that ran since, with the text that ran. */
  readonly since: readonly Migration[]
  readonly layout: Layout
  /** Major version of the server. */
  readonly postgres: number
}

export interface JudgedMigration {
  readonly migration: Migration
  readonly statements: readonly Judged[]
  /** What its own `down` does once it has run. */
  readonly down: Down
}

export interface Judgement {
  /** As they were given. */
  readonly files: readonly JudgedMigration[]
  readonly statements: readonly Judged[]
  /** What the queries of the target meet now, as far as the texts tell. */
  readonly schema: Schema
}

/** Replays the target's files and takes what ran since, statement by statement, for what a release would do before the deploy of the target's code. */
export async function judgeSince({ target, since, layout, postgres }: Since): Promise<Judgement> {
  if (since.length === 0) return { files: [], statements: [], schema: await replayed(target) }
  const numbered = target.filter((one) => !isRepeatable(one))
  const repeatable = target.filter(isRepeatable).sort(byVersion)
  const ordered = inOrder([...repeatable, ...since], numbered)
  const added = ordered.slice(repeatable.length)
  const originals = new Map(added.map(({ version }, index) => [version, since[index] as Migration]))
  const isAdded = new Set(added)
  const active = rules.filter(({ name, group }) => group === 'compatibility' || furtherRules.includes(name))
  const report = await lint({
    migrations: [...numbered, ...ordered],
    isNew: (one) => isAdded.has(one),
    refused: [],
    layout,
    postgres,
    rules: active.filter(({ severity }) => severity !== 'advice').map((rule) => ({ rule, severity: rule.severity })),
    everyRule: rules,
  })
  // a comment that accepts a finding was written for the code that came, not for the code that comes back
  const findings = [...report.findings, ...report.suppressed.map(({ finding }) => finding)]
  const { released, before, after: now } = report
  const schema = copySchema(before)
  const firstNew = target.length
  const granted = { target: grantsIn(released), since: grantsIn(report.files) }
  const viewsWithOptions = viewsWithOptionsIn(released)
  const files = report.files.map((file) => {
    const own = findings.filter(({ path }) => path === file.migration.path)
    const migration = originals.get(file.migration.version) as Migration
    return judgeFile(file, { schema, target: before, now, firstNew, granted, viewsWithOptions }, own, migration)
  })
  return { files, statements: files.flatMap(({ statements }) => statements), schema }
}

/** As pre migrations that come after all of the target's, each after the one before it. */
function inOrder(since: readonly Migration[], target: readonly Migration[]): readonly Migration[] {
  const newest = target.toSorted(byVersion).at(-1)?.version ?? '0'
  const last = BigInt(newest.split('.')[0] as string)
  return since.map((migration, index): Migration => ({ ...migration, phase: 'pre', version: String(last + BigInt(index + 1)) }))
}

async function replayed(target: readonly Migration[]): Promise<Schema> {
  const schema = emptySchema()
  for (const [file, migration] of [...target].sort(byVersion).entries()) {
    const { up } = await openFile(migration, false, file)
    for (const [statement, one] of up.statements.entries()) applyStatement(schema, one, { file, statement })
  }
  return schema
}

/** Relations that GRANT names; `*` for all of a schema, `always` where whatever comes later gets its rights by default. */
function grantsIn(files: readonly LintFile[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { node } of files.flatMap(({ up }) => up.statements)) {
    if ('AlterDefaultPrivilegesStmt' in node) names.add('always')
    if (!('GrantStmt' in node) || node.GrantStmt.is_grant !== true) continue
    if (node.GrantStmt.targtype === 'ACL_TARGET_ALL_IN_SCHEMA') names.add('*')
    for (const object of node.GrantStmt.objects ?? []) if ('RangeVar' in object) names.add(object.RangeVar.relname ?? '')
  }
  return names
}

/** Names of views that are made or altered with options: to replace such a view without them takes them away. */
function viewsWithOptionsIn(files: readonly LintFile[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { node } of files.flatMap(({ up }) => up.statements)) {
    if ('ViewStmt' in node) {
      const { view, options, withCheckOption = 'NO_CHECK_OPTION' } = node.ViewStmt
      if (options !== undefined || withCheckOption !== 'NO_CHECK_OPTION') names.add(view?.relname ?? '')
    }
    if ('AlterTableStmt' in node && node.AlterTableStmt.objtype === 'OBJECT_VIEW') names.add(node.AlterTableStmt.relation?.relname ?? '')
  }
  return names
}

function judgeFile(file: LintFile, meets: Meets, findings: readonly Finding[], original: Migration): JudgedMigration {
  const { migration, up, down, refused } = file
  const of = { id: original.id, version: original.version, phase: original.phase }
  const begin = positionFromUtf16(migration.file, up.text.fileOffset(0) ?? 0)
  if (refused !== undefined || up.problem !== undefined) {
    const because = refused?.message ?? `The parser does not read this file: ${up.problem?.message}.`
    const concerns = [concern('unknown', because)]
    const data = { kind: 'impossible', what: 'nobody knows' } as const
    const unread = { migration: of, path: migration.path, start: begin, statement: '', concerns, data }
    return { migration: original, statements: [unread], down: downOf(file, undefined) }
  }
  const ways = { up: readStatements(up), down: down === undefined ? undefined : readStatements(down) }
  const { wayBack } = judgeWayBack(ways, () => meets.schema)
  const judged: Judged[] = []
  for (const [index, outer] of up.statements.entries()) {
    const start = up.text.fileOffset(outer.start) ?? 0
    const end = up.text.fileOffset(outer.end) ?? start
    const here = findings.filter((one) => one.start.offset >= start && one.start.offset < Math.max(end, start + 1))
    const inner = (up.nested.get(index) ?? []).map(({ statement }) => statement)
    const all = [outer, ...inner]
    const concerns = concernsOfFindings(here, all)
    for (const statement of all) {
      concerns.push(...concernsOf(statement.node, meets))
      applyStatement(meets.schema, statement, { file: file.order, statement: index })
    }
    for (const { what } of up.unread.get(index) ?? [])
      concerns.push(concern('unknown', `It runs ${what}, which nobody can judge beforehand.`))
    const statement = up.text.text.slice(outer.start, outer.end)
    const data = worst(all.map((one) => dataOf(one, wayBack)))
    judged.push({ migration: of, path: migration.path, start: positionFromUtf16(migration.file, start), statement, concerns, data })
  }
  // a finding about the file stands at none of its statements
  const ofFile = findings.filter((finding) => finding.statement === undefined)
  const stray = concernsOfFindings(ofFile, [])
  if (stray.length > 0 && judged[0] !== undefined) judged[0] = { ...judged[0], concerns: [...judged[0].concerns, ...stray] }
  const isRead = down?.problem === undefined
  const lost = { kind: 'impossible', what: 'its way back is not read' } as const
  return {
    migration: original,
    statements: isRead ? judged : judged.map((one) => ({ ...one, data: lost })),
    down: downOf(file, isRead ? wayBack : undefined),
  }
}

function concernsOfFindings(findings: readonly Finding[], statements: readonly Statement[]): Concern[] {
  if (findings.length === 0) return []
  const subject = subjectOf(statements)
  return findings.flatMap((finding) => concernOf(finding, subject) ?? [])
}

/** What going back would cost of a statement. */
function dataOf(statement: Statement, wayBack: WayBack): WayBackOfData {
  if (wayBack.kind === 'impossible') return wayBack.by === statement ? { kind: 'impossible', what: wayBack.because } : { kind: 'lossless' }
  if (wayBack.kind !== 'lossy') return { kind: 'lossless' }
  const lost = wayBack.loses.filter(({ by }) => by === statement).map(({ what }) => what)
  return lost.length === 0 ? { kind: 'lossless' } : { kind: 'lossy', what: lost.join(', ') }
}

function worst(all: readonly WayBackOfData[]): WayBackOfData {
  return all.find(({ kind }) => kind === 'impossible') ?? all.find(({ kind }) => kind === 'lossy') ?? { kind: 'lossless' }
}
