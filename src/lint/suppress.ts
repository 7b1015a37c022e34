import { didYouMean } from '../nearest.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import type { Finding } from './finding.ts'
import { type Ignore, ignoresOf } from './ignores.ts'
import type { LintFile, Part } from './lint-file.ts'
import type { Rule, Severity } from './rule.ts'

/** A finding that a comment in the migration accepts. */
export interface Suppressed {
  readonly finding: Finding
  /** As the comment says; squawk's comments need none. */
  readonly reason: string
}

interface Judged {
  readonly findings: readonly Finding[]
  readonly suppressed: readonly Suppressed[]
}

interface Active {
  readonly rule: Rule
  readonly severity: Severity
}

/**
 * Takes out what comments accept. A comment counts for the statement that it stands before, in, or behind on the same
 * line; before the first statement it counts for the findings about the file as well. A comment without a reason, and
 * one that accepts nothing, are findings of their own.
 */
export async function suppress(
  found: readonly Finding[],
  files: readonly LintFile[],
  active: readonly Active[],
  everyRule: readonly Rule[],
): Promise<Judged> {
  const findings: Finding[] = []
  const suppressed: Suppressed[] = []
  const byPath = groupByPath(found)
  const names = new Map(everyRule.flatMap((rule) => [rule.name, ...(rule.aliases ?? [])].map((name) => [name, rule.name] as const)))
  const on = new Map(active.map((one) => [one.rule.name, one]))
  const checked = new Set(files.map(({ migration }) => migration.path))
  findings.push(...found.filter(({ path }) => !checked.has(path)))
  for (const file of files) {
    const ignores = await ignoresOf(file.migration)
    const targets = ignores.map((ignore) => new Target(ignore, file, names))
    for (const finding of byPath.get(file.migration.path) ?? []) {
      const target = targets.find((one) => one.accepts(finding))
      if (target === undefined) findings.push(finding)
      else suppressed.push({ finding, reason: target.ignore.reason ?? 'none given, as squawk allows' })
    }
    for (const target of targets) findings.push(...complaints(target, file, on, names))
  }
  return { findings, suppressed }
}

function groupByPath(found: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>()
  for (const finding of found) {
    const group = groups.get(finding.path)
    if (group === undefined) groups.set(finding.path, [finding])
    else group.push(finding)
  }
  return groups
}

/** A comment and what it stands at. */
class Target {
  readonly ignore: Ignore
  readonly #names: ReadonlyMap<string, string>
  readonly #statement: { readonly start: number; readonly end: number } | undefined
  readonly #first: boolean
  readonly #used = new Set<string>()

  constructor(ignore: Ignore, { migration, up, down }: LintFile, names: ReadonlyMap<string, string>) {
    this.ignore = ignore
    this.#names = names
    const statements = [...rangesOf(up), ...rangesOf(down)].sort((one, other) => one.start - other.start)
    const behind = statements.findLast(({ end }) => end <= ignore.start)
    const onSameLine = behind !== undefined && !migration.file.slice(behind.end, ignore.start).includes('\n')
    this.#statement = onSameLine ? behind : statements.find(({ end }) => end > ignore.start)
    this.#first = statements.every(({ start }) => start > ignore.start)
  }

  accepts(finding: Finding): boolean {
    const { rules, wholeFile, reason, squawk } = this.ignore
    if (reason === undefined && !squawk) return false
    const named = rules.length === 0 ? finding.rule : rules.find((one) => this.#names.get(one) === finding.rule)
    if (named === undefined) return false
    const statement = this.#statement
    const at = finding.start.offset
    const here =
      wholeFile || (finding.statement === undefined ? this.#first : statement !== undefined && at >= statement.start && at <= statement.end)
    if (here) this.#used.add(named)
    return here
  }

  /** Names that accepted nothing. */
  unused(): readonly string[] {
    return this.ignore.rules.filter((name) => !this.#used.has(name))
  }
}

function rangesOf(part: Part | undefined) {
  return (part?.statements ?? []).flatMap(({ start, end }) => {
    const [from, to] = [part?.text.fileOffset(start), part?.text.fileOffset(end)]
    return from === undefined || to === undefined ? [] : [{ start: from, end: to }]
  })
}

function complaints(
  target: Target,
  file: LintFile,
  on: ReadonlyMap<string, Active>,
  names: ReadonlyMap<string, string>,
): readonly Finding[] {
  const { ignore } = target
  const at = (active: Active | undefined, message: string): Finding[] => {
    if (active === undefined) return []
    const { rule, severity } = active
    const { migration } = file
    const [start, end] = [ignore.start, ignore.end].map((offset) => positionFromUtf16(migration.file, offset))
    if (start === undefined || end === undefined) return []
    const { name, problem: harm, remedy } = rule
    const place = { path: migration.path, phase: migration.phase, start, end, statement: undefined }
    return [{ ...place, rule: name, severity, message, harm, remedy, instead: [], replacement: undefined }]
  }
  if (ignore.rules.length === 0 && !ignore.squawk) return at(on.get('unused-ignore'), 'This comment names no rule, and accepts nothing.')
  if (ignore.reason === undefined && !ignore.squawk) {
    return at(on.get('require-ignore-reason'), `${ignore.rules.join(', ')} is not accepted: the comment does not say why.`)
  }
  return target.unused().flatMap((name) => {
    const rule = names.get(name)
    if (rule === undefined) {
      // squawk may have rules that are not here
      return ignore.squawk ? [] : at(on.get('unused-ignore'), `There is no rule ${name}.${didYouMean(name, names.keys())}`)
    }
    return on.has(rule) ? at(on.get('unused-ignore'), `There is nothing to accept: ${name} finds no problem here.`) : []
  })
}
