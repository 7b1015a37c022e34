import { lint } from '../../src/lint/engine.ts'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, ExampleRelease, Rule } from '../../src/lint/rule.ts'
import { rules as every } from '../../src/lint/rules/index.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { MappedText } from '../../src/sql/mapped-text.ts'

/** Lints an example with rules, each at its own severity. */
export async function lintExample(example: Example, rules: readonly Rule[]): Promise<readonly Finding[]> {
  const release: ExampleRelease = typeof example === 'string' ? { files: [{ sql: example }] } : example
  const { given = '', files, released: earlier = [], postgres = 15, changes, bootFiles, layout } = release
  const released = [{ sql: exampleSchema }, { sql: given }, ...earlier].map((file, index) => exampleMigration(index + 1, file))
  const added = files.map((file, index) => exampleMigration(index + 101, file))
  const report = await lint({
    migrations: [...released, ...added],
    refused: [],
    isNew: (migration) => added.includes(migration),
    layout: { ...plain, ...layout },
    postgres,
    review: changes === undefined ? undefined : { changes },
    bootFiles,
    rules: rules.map((rule) => ({ rule, severity: rule.severity })),
    everyRule: every,
  })
  return report.findings
}

export function exampleMigration(next: number, { sql, phase = 'pre', transaction, down, version = next }: ExampleFile): Migration {
  const id = `${String(version).padStart(4, '0')}_example`
  return {
    version: String(version),
    id,
    phase,
    path: `db/${id}.sql`,
    checksum: '',
    file: sql,
    up: MappedText.ofFile(sql),
    down: down === undefined ? undefined : MappedText.ofFile(down),
    downPath: down === undefined ? undefined : `db/${id}.down.sql`,
    transactional: transaction !== false,
    hotfix: false,
    major: false,
  }
}
