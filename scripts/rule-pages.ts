import type { Example, ExampleFile, Group, Rule } from '../src/lint/rule.ts'
import { rules } from '../src/lint/rules/index.ts'

const notice = '<!-- Written by npm run generate; do not edit. -->\n\n'

const groups: Readonly<Record<Group, string>> = {
  locks: 'Who has to wait',
  compatibility: 'Which code breaks',
  data: 'What is lost, or may fail',
  robustness: 'What a second run, or another order of runs, does',
  style: 'Style, off unless asked for',
}

/** The index of the rules and a page for each, by path. */
export function rulePages(): Record<string, string> {
  const pages = rules.map((rule) => [`docs/rules/${rule.name}.md`, page(rule)] as const)
  return { 'docs/rules/README.md': indexPage(), ...Object.fromEntries(pages) }
}

function indexPage(): string {
  const sections = Object.entries(groups).flatMap(([group, title]) => {
    const rows = rules
      .filter((rule) => rule.group === group)
      .map((rule) => `| [${rule.name}](${rule.name}.md) | ${severity(rule)} | ${rule.phase ?? 'both'} | ${cell(rule.problem)} |`)
    return rows.length === 0 ? [] : [`## ${title}\n\n| Rule | Severity | Phase | Problem |\n| --- | --- | --- | --- |\n${rows.join('\n')}`]
  })
  return `${notice}# Rules of lint\n\n${rules.length} rules. [How to use them, and how to accept a finding](../lint.md).\n\n${sections.join('\n\n')}\n`
}

function severity(rule: Rule): string {
  return rule.optIn ? `${rule.severity}, off` : rule.severity
}

function page(rule: Rule): string {
  const also = rule.aliases === undefined ? '' : `\nIn squawk also: ${rule.aliases.map((one) => `\`${one}\``).join(', ')}.\n`
  const off = rule.optIn ? ' It is off unless `lint.rules` names it.' : ''
  const phase = rule.phase === undefined ? '' : ` It is about ${rule.phase} migrations.`
  return `${notice}# ${rule.name}

${rule.problem}

**What to do:** ${rule.remedy}

**Why:** ${rule.because}

Severity: ${rule.severity}.${phase}${off}
${also}${examples('Flagged', rule.examples.bad)}${examples('Fine', rule.examples.good)}
Accept one with a reason: \`-- shiplock-ignore ${rule.name}: why\`, on the line above the statement. [All rules](README.md)
`
}

function examples(title: string, all: readonly Example[]): string {
  return all.length === 0 ? '' : `\n## ${title}\n\n${all.map(example).join('\n\n')}\n`
}

function example(one: Example): string {
  if (typeof one === 'string') return block([one])
  const given = one.given === undefined ? [] : [`-- released earlier\n${one.given.trim()}`]
  const version = one.postgres === undefined ? '' : `PostgreSQL ${one.postgres}:\n\n`
  const refused = one.fails === true ? 'The server refuses it:\n\n' : ''
  return version + refused + block([...given, ...one.files.map((file) => fileText(file, one.files.length > 1))])
}

function fileText({ sql, phase, transaction, down }: ExampleFile, several: boolean): string {
  const traits = [phase ?? (several ? 'pre' : undefined), transaction === false ? 'outside a transaction' : undefined].filter(Boolean)
  const head = traits.length === 0 ? '' : `-- ${traits.join(', ')}\n`
  return `${head}${sql.trim()}${down === undefined ? '' : `\n-- its way back\n${down.trim()}`}`
}

function block(texts: readonly string[]): string {
  return `\`\`\`sql\n${texts.map((text) => `${text.replaceAll('; ', ';\n')}${text.endsWith(';') ? '' : ';'}`).join('\n\n')}\n\`\`\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
