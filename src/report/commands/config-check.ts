import { z } from 'zod'
import type { CommandResult } from '../../result.ts'
import { plural } from '../../units.ts'
import { type CommandDetail, codeCell, knownFacts, type ReportTable } from '../command-report.ts'
import { fields, flag, list, number, text, texts } from '../lenient.ts'

const key = z.object({ name: z.string(), path: text, line: number, condition: text, new: flag })
type Key = z.output<typeof key>

const details = fields({
  unconfigured: flag,
  base: text,
  sources: list(z.object({ source: z.string(), count: z.number() })),
  counts: fields({ required: number, present: number, off: number, optional: number, unknown: number }),
  missing: list(key),
  questions: list(z.object({ condition: z.string(), answers: texts, keys: list(key) })),
  takenAsOff: list(key),
  unused: texts,
  nearMisses: list(z.object({ found: z.string(), meant: z.string(), why: z.string() })),
  paste: text,
  notes: texts,
})

export function configCheckDetail(command: CommandResult): CommandDetail {
  const { unconfigured, base, sources, counts, missing, questions, takenAsOff, unused, nearMisses, paste, notes } = details.parse(command)
  const near = new Map(nearMisses.map(({ found, meant }) => [meant, found]))
  return {
    word: unconfigured ? 'Nothing to do' : undefined,
    what: ['config-check', ...(command.environment === undefined ? [] : [command.environment])].join(' '),
    facts: knownFacts([
      ['Read', sources.map(({ source, count }) => `${source} (${plural(count, 'name')})`).join(', ')],
      ['Live release', codeCell(base?.slice(0, 12))],
      ['Off here', counts.off ? plural(counts.off, 'conditional key') : undefined],
      ['Optional', counts.optional ? plural(counts.optional, 'key') : undefined],
      ["Not the release's", counts.unknown ? `${plural(counts.unknown, 'name')} on the host` : undefined],
    ]),
    tables: [
      ...(missing.length === 0 ? [] : [missingTable(missing, near, base !== undefined)]),
      ...(questions.length === 0 ? [] : [questionTable(questions)]),
      ...(nearMisses.length === 0 ? [] : [nearTable(nearMisses)]),
      ...(takenAsOff.length === 0 ? [] : [offTable(takenAsOff)]),
      ...(unused.length === 0 ? [] : [unusedTable(unused)]),
    ],
    notes,
    blocks: paste ? [{ title: 'Lines to paste on the host', blocks: [{ intro: 'Give each a value:', text: paste, language: 'sh' }] }] : [],
    checkNames: new Map([
      ['required-keys', 'Required keys'],
      ['conditional-keys', 'Conditional keys'],
    ]),
  }
}

function missingTable(missing: readonly Key[], near: ReadonlyMap<string, string>, isCompared: boolean): ReportTable {
  return {
    title: 'Missing on the host',
    headers: ['Key', 'Required by', 'Since', 'When', 'The host has'],
    rows: missing.map((one) => [
      codeCell(one.name),
      codeCell(placeOf(one)),
      isCompared ? (one.new ? 'this release' : 'before this release') : '',
      codeCell(one.condition),
      codeCell(near.get(one.name)),
    ]),
  }
}

function questionTable(questions: readonly { condition: string; answers: readonly string[]; keys: readonly Key[] }[]): ReportTable {
  return {
    title: 'Conditions to decide, with config-vars',
    headers: ['Does this hold on the host?', 'Then it needs', 'Where', 'Answer, or =false'],
    rows: questions.map(({ condition, answers, keys }) => [
      codeCell(condition),
      codeCell(keys.map(({ name }) => name).join(', ')),
      codeCell(keys[0] === undefined ? undefined : placeOf(keys[0])),
      codeCell(answers.map((one) => `${one}=true`).join(', ')),
    ]),
  }
}

function nearTable(nearMisses: readonly { found: string; meant: string; why: string }[]): ReportTable {
  return {
    title: 'Names on the host that the release ignores, and that look misspelt',
    headers: ['The host has', 'Meant, it seems', 'Why'],
    rows: nearMisses.map(({ found, meant, why }) => [codeCell(found), codeCell(meant), why]),
  }
}

function offTable(keys: readonly Key[]): ReportTable {
  return {
    title: 'Taken as off: the live release has the same condition, and runs without',
    headers: ['Key', 'Where', 'When'],
    rows: keys.map((one) => [codeCell(one.name), codeCell(placeOf(one)), codeCell(one.condition)]),
    folded: true,
  }
}

function unusedTable(names: readonly string[]): ReportTable {
  return {
    title: 'No longer used: the live release knows these names, the new one does not',
    headers: ['The host has'],
    rows: names.map((name) => [codeCell(name)]),
    folded: true,
  }
}

function placeOf({ path, line }: Key): string {
  return path === undefined ? 'config-command' : `${path}:${line}`
}
