import { lint } from '../../src/lint/engine.ts'
import { exampleSchema } from '../../src/lint/example-schema.ts'
import type { Finding } from '../../src/lint/finding.ts'
import type { Example, ExampleFile, Rule } from '../../src/lint/rule.ts'
import { rules as every } from '../../src/lint/rules/index.ts'
import { plain } from '../../src/migration/layouts/plain.ts'
import type { Migration } from '../../src/migration/migration.ts'
import { MappedText } from '../../src/sql/mapped-text.ts'

/** Lints an example with rules, each at its own severity. */
export async function lintExample(example: Example, rules: readonly Rule[]): Promise<readonly Finding[]> {
  const { given = '', files, postgres = 15 } = typeof example === 'string' ? { files: [{ sql: example }] } : example
  const released = [exampleSchema, given].map((sql, index) => exampleMigration(index + 1, { sql }))
  const added = files.map((file, index) => exampleMigration(index + 101, file))
  const report = await lint({
    migrations: [...released, ...added],
    refused: [],
    isNew: (migration) => added.includes(migration),
    layout: plain,
    postgres,
    rules: rules.map((rule) => ({ rule, severity: rule.severity })),
    everyRule: every,
  })
  return report.findings
}

export function exampleMigration(number: number, { sql, phase = 'pre', transaction, down }: ExampleFile): Migration {
  const id = `${String(number).padStart(4, '0')}_example`
  return {
    version: String(number),
    id,
    phase,
    path: `db/${id}.sql`,
    checksum: '',
    file: sql,
    up: MappedText.ofFile(sql),
    down: down === undefined ? undefined : MappedText.ofFile(down),
    transactional: transaction !== false,
    hotfix: false,
    major: false,
  }
}
