import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { LintDetails } from '../../src/lint/publish/details.ts'
import { collectEach } from '../../src/migration/collect.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { parseStatements } from '../../src/sql/parse.ts'
import { shiplock } from '../../test/program.ts'
import { goal, type Section } from '../report.ts'
import type { Rival } from '../rivals.ts'
import { convertHistory } from './convert.ts'
import { fetchPackage, type HistoryPackage, historyPackages } from './packages.ts'
import { countSquawkFindings } from './squawk.ts'

interface History {
  readonly name: string
  readonly files: number
  readonly statements: number
  readonly notParsed: number
  readonly whole: Linted
  /** The last quarter of the files as new, behind the others. */
  readonly tail: Linted
  readonly squawk: number
}

interface Linted {
  readonly exitCode: number | null
  readonly findings: LintDetails['findings']
  /** Findings that point behind the end of their file. */
  readonly misplaced: number
}

/** Migrations that packages bring along, as their teams wrote them: what both linters find, and that Shiplock reads all of it. */
export async function replayHistories(squawk: Rival, folder: string): Promise<Section> {
  const histories: History[] = []
  for (const [index, one] of historyPackages.entries()) histories.push(await replay(one, squawk, join(folder, String(index))))
  const runs = histories.flatMap(({ whole, tail }) => [whole, tail])
  return {
    title: 'Histories of packages',
    text: `Migrations that packages of public registries bring along, all in the phase pre. Both linters have their default rules; Shiplock counts every file as new, then the last quarter behind the others. squawk reads the same statements, without what goose runs on the way back.`,
    headers: ['package', 'files', 'statements', 'not parsed', 'errors', 'warnings', 'advice', 'a file', 'last quarter', 'squawk', 'a file'],
    rows: histories.map(({ name, files, statements, notParsed, whole, tail, squawk }) => [
      name,
      files,
      statements,
      notParsed,
      ...(['error', 'warning', 'advice'] as const).map((severity) => whole.findings.filter((found) => found.severity === severity).length),
      (whole.findings.length / files).toFixed(1),
      tail.findings.length,
      squawk,
      (squawk / files).toFixed(1),
    ]),
    goals: [
      goal('runs-that-broke-off', runs.filter(({ exitCode }) => exitCode !== 0 && exitCode !== 1).length, 0),
      goal('findings-outside-of-files', sum(runs.map(({ misplaced }) => misplaced)), 0),
    ],
  }
}

async function replay(one: HistoryPackage, squawk: Rival, folder: string): Promise<History> {
  const project = join(folder, 'project')
  const migrations = join(project, 'db/migrations')
  const ups = join(folder, 'ups')
  for (const path of [migrations, ups]) mkdirSync(path, { recursive: true })
  const files = await convertHistory(one, fetchPackage(one, join(folder, 'package')))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(migrations, name), text)
  const read = readFiles(files)
  for (const { id, up } of read) writeFileSync(join(ups, `${id}.sql`), up.text)
  const startAfter = read[Math.floor(read.length * 0.75) - 1]?.version ?? '0'
  return {
    name: `${one.name} ${one.version} (${one.registry}, ${one.form})`,
    files: read.length,
    ...(await countStatements(read)),
    whole: await lint(project, files, []),
    tail: await lint(project, files, ['--start-after', startAfter]),
    squawk: countSquawkFindings(
      squawk,
      read.map(({ id }) => join(ups, `${id}.sql`)),
    ),
  }
}

function readFiles(files: Readonly<Record<string, string>>): readonly Migration[] {
  const sources = Object.entries(files).map(([name, text]) => ({ name, path: name, bytes: Buffer.from(text) }))
  const folders = { pre: { path: '.', files: sources }, post: { path: '.', files: undefined, named: false } }
  const { migrations, refused } = collectEach(folders, undefined, {})
  if (refused.length > 0) throw refused[0]?.error
  return migrations
}

async function countStatements(migrations: readonly Migration[]): Promise<Pick<History, 'statements' | 'notParsed'>> {
  const parsed = await Promise.all(migrations.map(({ up }) => parseStatements(up.text)))
  return {
    statements: sum(parsed.map((one) => ('statements' in one ? one.statements.length : 0))),
    notParsed: parsed.filter((one) => 'problem' in one).length,
  }
}

async function lint(project: string, files: Readonly<Record<string, string>>, more: readonly string[]): Promise<Linted> {
  const { exitCode, result } = await shiplock(['lint', '--all', ...more], { cwd: project })
  const { findings = [] } = result.commands[0] as Partial<LintDetails>
  const isMisplaced = ({ path, start, end }: LintDetails['findings'][number]) => {
    const text = files[basename(path)]
    return text === undefined || start.offset > text.length || end.offset > text.length || end.offset < start.offset
  }
  return { exitCode, findings, misplaced: findings.filter(isMisplaced).length }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
