import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { formatCount, formatDuration, plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, moment, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'

const migration = z.object({ id: text, version: text, path: text, transactional: flag, heldBack: flag, unwrapped: flag, warning: text })

const debt = z.object({ id: text, since: text, ageMs: number })

const details = fields({
  database: text,
  serverVersion: text,
  applied: number,
  phases: list(z.object({ phase: text, pending: list(migration) })),
  drift: fields({ ahead: texts, unchecked: number }),
  debts: list(debt),
  obstacles: texts,
  notes: texts,
  digests: fields({ pre: text, post: text, all: text }),
})

export function planDetail(command: CommandResult): CommandDetail {
  const { database, serverVersion, applied, phases, drift, debts, digests, obstacles, notes } = details.parse(command)
  const passed = command.verdict === 'pass'
  const pending = phases.reduce((sum, { pending }) => sum + pending.length, 0)
  return {
    word: passed && phases.length > 0 && pending === 0 ? 'Nothing to do' : undefined,
    facts: knownFacts([
      ['Database', database],
      ['Server', serverVersion && `PostgreSQL ${serverVersion}`],
      ['Applied so far', applied === undefined ? undefined : formatCount(applied)],
      ['Ahead of the files', drift.ahead.join(', ')],
      ['Edits not checked', drift.unchecked ? `${plural(drift.unchecked, 'applied migration')} without a recorded checksum` : undefined],
      ['Digest, phase pre', codeCell(digests.pre)],
      ['Digest, phase post', codeCell(digests.post)],
      ['Digest, both phases', codeCell(digests.all)],
    ]),
    tables: [
      ...phases.filter(({ pending }) => pending.length > 0).map(({ phase, pending }) => phaseTable(phase, pending)),
      ...(debts.length === 0 ? [] : [debtTable(debts)]),
    ],
    notes: [...obstacles.map((one) => `migrate would refuse ${one}`), ...notes, ...(passed ? ['Nothing has been changed.'] : [])],
  }
}

function phaseTable(phase: string | undefined, pending: readonly z.infer<typeof migration>[]): ReportTable {
  return {
    title:
      { pre: 'Phase pre, before the deploy', post: 'Phase post, when no old code is left' }[phase ?? ''] ?? `Phase ${phase ?? 'unknown'}`,
    headers: ['#', 'Migration', 'Runs', 'Note'],
    rows: pending.map((one, index) => [
      String(index + 1),
      codeCell(one.path ?? one.id ?? one.version),
      { true: 'in a transaction', false: 'outside a transaction', undefined: '' }[`${one.transactional}`],
      [one.heldBack && 'held back', one.unwrapped && 'its outer begin and commit are taken off', one.warning].filter(Boolean).join('; '),
    ]),
  }
}

function debtTable(debts: readonly z.infer<typeof debt>[]): ReportTable {
  return {
    title: 'Post migrations of a deployed release that have not run',
    headers: ['Migration', 'Deployed', 'Age'],
    rows: debts.map(({ id, since, ageMs }) => [codeCell(id), moment(since) ?? '', ageMs === undefined ? '' : formatDuration(ageMs)]),
  }
}
