import { tokensOf } from '../sql/parse.ts'
import type { Finding } from './finding.ts'
import type { LintFile } from './lint-file.ts'

/** By path: quoted texts that hold a password, of the files that have findings. */
export function secretsOf(findings: readonly Finding[], files: readonly LintFile[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Set(findings.map(({ path }) => path))
  const found = files
    .filter(({ migration }) => paths.has(migration.path))
    .map((file) => [file.migration.path, secretLiterals(file)] as const)
  return new Map(found.filter(([, literals]) => literals.length > 0))
}

/** As they stand in the file; whether a rule is on does not matter. */
function secretLiterals({ migration, up, down }: LintFile): readonly string[] {
  if (!/password|postgres(?:ql)?:/i.test(migration.file)) return []
  const nested = [up, down].flatMap((part) => [...(part?.nested.values() ?? [])].flat().map(({ text }) => text.text))
  const texts = new Set([migration.file, up.text.text, down?.text.text ?? '', ...nested])
  return [...new Set([...texts].flatMap(literalsIn))].sort((one, other) => other.length - one.length)
}

/** Connection strings have two forms: `key=value …`, and a URL. */
export function passwordIn(conninfo: string | undefined): string | undefined {
  return /(?:^|\s)password\s*=\s*(\S+)/.exec(conninfo ?? '')?.[1] ?? /^postgres(?:ql)?:\/\/[^/@:]*:([^/@]+)@/.exec(conninfo ?? '')?.[1]
}

/** The text with what stands between the quotes of these literals made unreadable; no place in it moves. */
export function hideLiterals(text: string, literals: readonly string[] = []): string {
  return literals.reduce((shown, literal) => shown.replaceAll(literal, () => hidden(literal)), text)
}

/** A finding that shows none of the literals, wherever it quotes its statement. */
export function hideInFinding(finding: Finding, literals: readonly string[]): Finding {
  if (literals.length === 0) return finding
  const hide = (text: string) => hideLiterals(text, literals)
  const { message, harm, statement, replacement, instead } = finding
  return {
    ...finding,
    message: hide(message),
    harm: hide(harm),
    statement: statement === undefined ? undefined : hide(statement),
    replacement: replacement === undefined ? undefined : hide(replacement),
    instead: instead.map((file) => ({ ...file, sql: hide(file.sql) })),
  }
}

/** What follows the word PASSWORD, and connection strings with one; also in text that the literals hold in their turn. */
function literalsIn(text: string): string[] {
  const tokens = tokensOrNone(text)
  if (tokens === undefined) return [...text.matchAll(/password\s*=?\s*([^\s;]+)/gi)].map(([, rest = '']) => rest)
  return tokens.flatMap(({ text: literal }, index) => {
    const content = contentOf(literal)
    if (content === undefined) return []
    if (tokens[index - 1]?.text.toLowerCase() === 'password' || passwordIn(content) !== undefined) return [literal]
    return literalsIn(content).flatMap((inner) => [inner, inner.replaceAll("'", "''")])
  })
}

function tokensOrNone(text: string) {
  try {
    return tokensOf(text)
  } catch {
    return undefined // a quote is never closed, for one
  }
}

const form = /^((?:[eun]&?)?'|\$[^$]*\$)(.*)('|\$[^$]*\$)$/is

function contentOf(literal: string): string | undefined {
  const [, quote = '', content] = form.exec(literal) ?? []
  return quote.endsWith("'") ? content?.replaceAll("''", "'") : content
}

function hidden(literal: string): string {
  const [, open = '', content = literal, close = ''] = form.exec(literal) ?? []
  return open + content.replace(/[^\n]/g, '*') + close
}
