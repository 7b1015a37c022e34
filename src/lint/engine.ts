import type { RefusedFile } from '../migration/collect.ts'
import type { Layout } from '../migration/layout.ts'
import { byVersion, type Migration } from '../migration/migration.ts'
import { isBegin, isCommit } from '../sql/classify.ts'
import { type NodeKind, openNode } from '../sql/node.ts'
import { type Statement, tokensOf, withoutEnd } from '../sql/parse.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import { copySchema } from '../sql/schema/copy.ts'
import { applyStatement } from '../sql/schema/replay.ts'
import { emptySchema, type Schema } from '../sql/schema/schema.ts'
import { withCalledRoutines } from './called-routines.ts'
import { byGravity, type Finding } from './finding.ts'
import { type LintFile, openFile } from './lint-file.ts'
import { oneFindingPerCause } from './one-cause.ts'
import { touchesFolders } from './released-files.ts'
import type { FileRule, Found, Problem, ReleaseProblem, ReleaseRule, Rule, Severity, StatementRule } from './rule.ts'
import { type FileScope, type ReleaseScope, StatementScope } from './scope.ts'
import { hideInFinding, secretsOf } from './secret-literals.ts'
import { type Suppressed, suppress } from './suppress.ts'

export interface LintInput {
  /** All migrations of both phases, released and new. */
  readonly migrations: readonly Migration[]
  isNew(migration: Migration): boolean
  /** Files that their layout does not accept. */
  readonly refused: readonly RefusedFile[]
  readonly layout: Pick<Layout, 'name' | 'toleratesHoles' | 'sharesTable' | 'outsideTransaction' | 'down'>
  /** Oldest major version of the server that the files may meet. */
  readonly postgres: number
  /** What the released files start from: empty, or the schema of a live database, which holds them already. */
  readonly start?: { readonly schema: Schema; readonly holdsReleased: boolean }
  readonly review?: ReleaseScope['review']
  readonly bootFiles?: ReleaseScope['bootFiles']
  /** The rules to apply and what each of their findings counts for. */
  readonly rules: readonly { readonly rule: Rule; readonly severity: Severity }[]
  /** All that exist, for the names in comments. */
  readonly everyRule: readonly Rule[]
}

export interface LintReport {
  readonly files: readonly LintFile[]
  /** Released files, in the order in which they were replayed; none where nothing was to be looked at. */
  readonly released: readonly LintFile[]
  /** The schema as they leave it. */
  readonly before: Schema
  /** The schema as the new files leave it. */
  readonly after: Schema
  /** The gravest first. */
  readonly findings: readonly Finding[]
  /** Those that a comment in the migration accepts. */
  readonly suppressed: readonly Suppressed[]
  /** By path: quoted texts of the files with findings that hold a password, which nothing may show. */
  readonly secrets: ReadonlyMap<string, readonly string[]>
}

/** Replays the released migrations into a model of the schema, and judges each new statement by what it meets there. */
export async function lint(input: LintInput): Promise<LintReport> {
  const { released, added } = orderOfRun(input)
  if (added.length === 0 && input.refused.length === 0 && !touchesReleased(input)) {
    return { files: [], released: [], before: emptySchema(), after: emptySchema(), findings: [], suppressed: [], secrets: new Map() }
  }
  const schema = input.start?.schema ?? emptySchema()
  const replayed: LintFile[] = []
  for (const migration of released) {
    const file = await openFile(migration, false, replayed.length)
    replayed.push(file)
    if (input.start?.holdsReleased !== true) replay(file, schema)
  }
  const opened: LintFile[] = []
  for (const [index, migration] of added.entries()) opened.push(await openFile(migration, true, released.length + index))
  const files = await withCalledRoutines(opened, replayed)
  const { layout, postgres, refused, review, bootFiles } = input
  const release = { files, replayed: [...replayed, ...files], before: copySchema(schema), layout, postgres, refused, review, bootFiles }
  const byKind = new RulesByKind(input.rules)
  const findings = files.flatMap((file) => checkFile(file, schema, release, byKind))
  const whole: ReleaseScope = { ...release, after: schema }
  findings.push(...checkRelease(whole, input.rules))
  const causes = oneFindingPerCause(findings, files, input.everyRule)
  const judged = await suppress(causes, files, input.rules, input.everyRule)
  const secrets = secretsOf([...judged.findings, ...judged.suppressed.map(({ finding }) => finding)], release.replayed)
  const shown = (finding: Finding) => hideInFinding(finding, secrets.get(finding.path) ?? [])
  return {
    files,
    released: replayed,
    before: release.before,
    after: schema,
    findings: judged.findings.map(shown).sort(byGravity),
    suppressed: judged.suppressed.map(({ finding, reason }) => ({ finding: shown(finding), reason })),
    secrets,
  }
}

/** Released files by version, as every database has them by now; then the new ones, pre before post. */
function orderOfRun({ migrations, isNew }: LintInput) {
  const sorted = [...migrations].sort(byVersion)
  const added = sorted.filter(isNew)
  return {
    released: sorted.filter((one) => !isNew(one)),
    added: [...added.filter(({ phase }) => phase === 'pre'), ...added.filter(({ phase }) => phase === 'post')],
  }
}

/** Whether a release without a new file is to be looked at: it changes released ones, or what a service does when it starts. */
function touchesReleased({ review, migrations, bootFiles = [] }: LintInput): boolean {
  const paths = (review?.changes ?? []).flatMap(({ path, from = path }) => [path, from])
  const starts = new Set(bootFiles.map(({ path }) => path))
  return paths.some((path) => starts.has(path)) || touchesFolders(paths, migrations)
}

function replay(file: LintFile, schema: Schema): void {
  for (const index of file.up.statements.keys()) {
    for (const { statement } of withNested(file, index)) applyStatement(schema, statement, { file: file.order, statement: index })
  }
}

/** A statement, and what stands inside of it, in the order in which it is read. */
function withNested({ up }: LintFile, index: number) {
  const inner = up.nested.get(index) ?? []
  return [{ statement: up.statements[index] as Statement, text: up.text, nested: false }, ...inner.map((one) => ({ ...one, nested: true }))]
}

type ActiveRule = LintInput['rules'][number]
type Active<Kind extends Rule> = ActiveRule & { readonly rule: Kind }

/** The active rules, so that a statement meets only those that are about its kind. */
class RulesByKind {
  readonly ofFiles: readonly Active<FileRule>[]
  readonly #ofStatements: readonly Active<StatementRule>[]
  readonly #known = new Map<string, readonly Active<StatementRule>[]>()

  constructor(rules: readonly ActiveRule[]) {
    this.ofFiles = rules.filter((one): one is Active<FileRule> => 'checkFile' in one.rule)
    this.#ofStatements = rules.filter((one): one is Active<StatementRule> => 'check' in one.rule)
  }

  of(kind: NodeKind): readonly Active<StatementRule>[] {
    const known = this.#known.get(kind)
    if (known !== undefined) return known
    const found = this.#ofStatements.filter(({ rule: { on } }) => on === 'every-statement' || on.includes(kind))
    this.#known.set(kind, found)
    return found
  }
}

function checkFile(file: LintFile, schema: Schema, release: Omit<ReleaseScope, 'after'>, rules: RulesByKind): Finding[] {
  const findings: Finding[] = []
  const statements: StatementScope[] = []
  let transaction: StatementScope[] = []
  let open = false
  for (const [index, outer] of file.up.statements.entries()) {
    const inTransaction = file.migration.transactional || open
    if (isBegin(outer)) open = true
    if (isCommit(outer)) open = false
    if (!inTransaction) transaction = []
    for (const { statement, text, nested } of withNested(file, index)) {
      const given = { statement, text, file, index, schema, inTransaction: inTransaction || nested, nested, release }
      const scope = new StatementScope(given, transaction)
      findings.push(...checkStatement(scope, rules))
      statements.push(scope)
      transaction.push(scope)
      applyStatement(schema, statement, { file: file.order, statement: index })
    }
  }
  const scope: FileScope = { file, release, statements }
  for (const active of rules.ofFiles) {
    if (!appliesTo(active.rule, file)) continue
    for (const problem of problemsOf(active.rule.checkFile(scope))) findings.push(findingInFile(active, problem, file))
  }
  return findings
}

function checkStatement(scope: StatementScope, rules: RulesByKind): Finding[] {
  const { kind, content } = openNode(scope.statement.node)
  return rules.of(kind).flatMap((active) => {
    const { rule } = active
    if (!appliesTo(rule, scope.file)) return []
    const found = problemsOf(rule.check(content as never, scope))
    return found.map((problem) => findingAt(active, problem, scope))
  })
}

function checkRelease(scope: ReleaseScope, rules: readonly ActiveRule[]): Finding[] {
  const byPath = new Map(scope.replayed.map((file) => [file.migration.path, file]))
  return rules.flatMap((active) => {
    if (!('checkRelease' in active.rule)) return []
    const problems = (active.rule as ReleaseRule).checkRelease(scope)
    return problems.map((problem) => findingOfRelease(active, problem, byPath.get(problem.path)))
  })
}

function appliesTo({ phase }: Rule, { migration }: LintFile): boolean {
  return phase === undefined || phase === migration.phase
}

function problemsOf(found: Found): readonly Problem[] {
  return found === undefined ? [] : Array.isArray(found) ? found : [found as Problem]
}

function findingAt(active: ActiveRule, problem: Problem, scope: StatementScope): Finding {
  const { file, text, statement } = scope
  const { migration } = file
  const at = offsetOf(problem, text.text) ?? statement.start
  const start = text.fileOffset(at) ?? text.fileOffset(statement.start) ?? 0
  const end = text.fileOffset(statement.end) ?? start
  return {
    ...common(active, problem),
    replacement: problem.replacement ?? replacementOf(problem, scope),
    path: migration.path,
    phase: migration.phase,
    start: positionFromUtf16(migration.file, start),
    end: positionFromUtf16(migration.file, Math.max(start, end)),
    statement: text.text.slice(statement.start, statement.end),
  }
}

/** A remedy of one statement that may stand in the very same place takes the place of this one. */
function replacementOf({ instead = [] }: Problem, { file, inTransaction, nested, sql }: StatementScope): string | undefined {
  const [only, ...others] = instead
  if (only === undefined || others.length > 0 || only.note !== undefined || nested) return undefined
  if (only.phase !== file.migration.phase || only.transactional !== inTransaction) return undefined
  const statement = withoutEnd(only.sql)
  return statement === sql || tokensOf(statement).some(({ text }) => text === ';') ? undefined : statement
}

/** The parser's nodes count bytes. */
function offsetOf({ offset, location }: Problem, text: string): number | undefined {
  if (location === undefined) return offset
  return Buffer.from(text, 'utf8').subarray(0, location).toString('utf8').length
}

function findingInFile(active: ActiveRule, problem: Problem, { migration, up }: LintFile): Finding {
  const at = up.text.fileOffset(offsetOf(problem, up.text.text) ?? 0) ?? 0
  const start = positionFromUtf16(migration.file, at)
  return { ...common(active, problem), path: migration.path, phase: migration.phase, start, end: start, statement: undefined }
}

function findingOfRelease(active: ActiveRule, problem: ReleaseProblem, file: LintFile | undefined): Finding {
  const start = positionFromUtf16(problem.text ?? file?.migration.file ?? '', problem.offset ?? 0)
  return { ...common(active, problem), path: problem.path, phase: file?.migration.phase, start, end: start, statement: undefined }
}

function common({ rule, severity }: ActiveRule, problem: Problem) {
  return {
    rule: rule.name,
    severity: problem.severity ?? severity,
    message: problem.message,
    harm: problem.harm ?? rule.problem,
    remedy: rule.remedy,
    instead: problem.instead ?? [],
    replacement: problem.replacement,
  }
}
