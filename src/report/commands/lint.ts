import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { plural } from '../../units.ts'
import { type CommandDetail, codeCell, type ReportBlocks, type ReportTable } from '../command-report.ts'
import { fields, list, number, text, texts } from '../lenient.ts'

const place = z.object({ line: z.number(), column: z.number() })
const remedyFile = z.object({ phase: text, transactional: z.boolean().catch(true), sql: z.string(), note: text })

const finding = z.object({
  rule: z
    .string()
    .regex(/^[a-z0-9-]+$/)
    .catch('unknown-rule'),
  severity: z.enum(['error', 'warning', 'advice']).catch('error'),
  path: z.string().catch(''),
  start: place.catch({ line: 1, column: 1 }),
  message: z.string().catch(''),
  harm: z.string().catch(''),
  remedy: z.string().catch(''),
  instead: list(remedyFile),
  source: z
    .object({ text: z.string(), from: z.number().min(0), width: z.number() })
    .optional()
    .catch(undefined),
})
type Found = z.output<typeof finding>

const setting = z.object({ name: text, base: text, proposed: text })
const accepted = z.object({ rule: text, path: text, line: number, reason: text })

const details = fields({
  checked: number,
  older: number,
  findings: list(finding),
  suppressed: list(accepted),
  settings: list(setting),
  notes: texts,
})

export function lintDetail(command: CommandResult): CommandDetail {
  const { checked, older, findings, suppressed, settings, notes } = details.parse(command)
  const quiet = findings.length === 0 && settings.length === 0 && suppressed.length === 0 && notes.length === 0
  return {
    what: 'lint',
    word: command.verdict === 'pass' && checked === 0 && findings.length === 0 ? 'Nothing to do' : undefined,
    brief: quiet && command.verdict === 'pass' && command.error === undefined,
    findings: findings.map(({ path, start, source, ...rest }) => ({
      ...rest,
      at: `${path}:${start.line}:${start.column}`,
      source: source === undefined ? undefined : { ...source, line: start.line },
    })),
    tables: [...(settings.length === 0 ? [] : [settingTable(settings)]), ...(suppressed.length === 0 ? [] : [acceptedTable(suppressed)])],
    notes: [...notes, ...(older ? [`${plural(older, 'older file')} ${older === 1 ? 'was' : 'were'} left alone.`] : [])],
    checkNames: new Map([['contents', 'what the migrations do']]),
    blocks: remedies(findings),
  }
}

function settingTable(settings: readonly z.output<typeof setting>[]): ReportTable {
  return {
    title: 'config-changed: until it is merged, the settings of the base count',
    headers: ['Setting', 'Of the base', 'Proposed'],
    rows: settings.map(({ name, base, proposed }) => [codeCell(name), codeCell(base ?? 'not set'), codeCell(proposed ?? 'not set')]),
  }
}

function acceptedTable(suppressed: readonly z.output<typeof accepted>[]): ReportTable {
  return {
    title: `${plural(suppressed.length, 'finding')} accepted in the files`,
    headers: ['Where', 'Rule', 'Reason'],
    rows: suppressed.map(({ path, line, rule, reason }) => [codeCell(`${path}:${line}`), codeCell(rule), reason ?? '']),
    folded: true,
  }
}

/** What to paste, rule by rule. */
function remedies(findings: readonly Found[]): ReportBlocks[] {
  const helped = findings.filter(({ instead }) => instead.length > 0)
  return [...new Set(helped.map(({ rule }) => rule))].map((rule) => {
    const these = helped.filter((one) => one.rule === rule)
    const blocks = these.flatMap(({ path, start, instead }) =>
      instead.map(({ phase, transactional, sql, note }) => ({
        intro: [
          `In place of ${path}:${start.line}, a ${phase ?? 'pre'} migration${transactional ? '' : ' that runs outside a transaction'}`,
          note === undefined ? ':' : ` (${note}):`,
        ].join(''),
        text: sql,
        language: 'sql',
      })),
    )
    return { title: `What to write instead: ${rule}`, blocks }
  })
}
