import type { Finding } from '../../src/lint/finding.ts'
import type { ExampleFile, ExampleRelease, RemedyFile } from '../../src/lint/rule.ts'
import { parseStatements } from '../../src/sql/parse.ts'

/** The release as its author would send it again: without what the remedy takes over, and with the files that it proposes. */
export async function remediedFiles({ files }: ExampleRelease, finding: Finding, remedy: readonly RemedyFile[]): Promise<ExampleFile[]> {
  const at = files.findIndex((_, index) => finding.path.includes(`${index + 101}`))
  const taken = remedy.map(({ sql }) => sql.toLowerCase()).join('\n')
  const kept: ExampleFile[] = []
  for (const [index, file] of files.entries()) {
    const nested = file.sql.includes('$$')
    const own = index === at && finding.statement !== undefined ? file.sql.replace(finding.statement, nested ? 'null' : '') : file.sql
    const rest = (await textsOf(own)).filter((text) => !taken.includes(text.toLowerCase()))
    kept.push({ ...file, sql: isWhole(finding) && index === at ? '' : rest.join('; ') })
  }
  const proposed = remedy.map(
    ({ sql, phase, transactional }): ExampleFile => ({ sql, phase, ...(transactional ? {} : { transaction: false }) }),
  )
  return [...kept.slice(0, at + 1), ...proposed, ...kept.slice(at + 1)].filter(({ sql }) => sql !== '')
}

/** A view that is made anew in one statement needs none that drops it. */
function isWhole({ rule }: Finding): boolean {
  return rule === 'ban-drop-view'
}

export async function textsOf(sql: string): Promise<readonly string[]> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(`${parsed.problem.message}: ${sql}`)
  return parsed.statements.map(({ start, end }) => sql.slice(start, end))
}
