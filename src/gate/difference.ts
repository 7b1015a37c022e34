import { showArguments } from '../argument-list.ts'
import { lineageOf, type Phase, shownVersion } from '../migration/migration.ts'
import { formatDuration } from '../units.ts'
import { type ContractMigration, canonicalJson, type PlanContract } from './digest.ts'

/** One thing that is not as it was approved. */
export interface PlanDifference {
  readonly what: 'environment' | 'phase' | 'layout' | 'folders' | 'command' | 'stamp' | 'ledger' | 'setting' | 'migration' | 'order'
  /** What it is about, in words of this page. */
  readonly text: string
}

/** What is known of migrations that the phase does not hold, by version. */
export interface Elsewhere {
  readonly pending: ReadonlyMap<string, Phase>
  /** Applied by now; how people know the run, where the history tells. */
  readonly applied: ReadonlyMap<string, string>
}

const nowhere: Elsewhere = { pending: new Map(), applied: new Map() }

/** Everything that differs; nothing when the digests are the same. */
export function differencesOf(approved: PlanContract, current: PlanContract, elsewhere: Elsewhere = nowhere): readonly PlanDifference[] {
  return [
    ...valueDifferences('environment', approved.environment, current.environment),
    ...valueDifferences('phase', approved.phase, current.phase),
    ...valueDifferences('layout', approved.layout, current.layout),
    ...valueDifferences('folders', approved.folders, current.folders, (paths) => paths.join(' and ')),
    ...valueDifferences('command', approved.command, current.command, showArguments),
    ...stampDifferences(approved.stamp, current.stamp),
    ...ledgerDifferences(approved.tables, current.tables),
    ...settingDifferences(approved.policy, current.policy),
    ...migrationDifferences(approved.migrations, current.migrations, elsewhere),
  ]
}

function valueDifferences<T>(
  what: PlanDifference['what'],
  approved: T | undefined,
  current: T | undefined,
  show: (value: T) => string = String,
): PlanDifference[] {
  if (canonicalJson(approved ?? null) === canonicalJson(current ?? null)) return []
  const shown = (value: T | undefined) => (value === undefined ? 'nothing' : show(value))
  return [{ what, text: `${what}: ${shown(approved)} was approved, and it is ${shown(current)} now` }]
}

function stampDifferences(approved: string | null, current: string | null): PlanDifference[] {
  if (approved === current) return []
  const text =
    approved === null
      ? `stamp: the database had none when the plan was made, and has ${current} now: a run has been here since`
      : current === null
        ? `stamp: the plan was made for the database with the stamp ${approved}, and this one has none`
        : `stamp: the plan was made for the database with the stamp ${approved}, and this one has ${current}`
  return [{ what: 'stamp', text }]
}

function ledgerDifferences(approved: PlanContract['tables'], current: PlanContract['tables']): PlanDifference[] {
  const headOf = (tables: PlanContract['tables'], name: string) => tables.find(({ table }) => table === name)?.head
  const names = [...new Set([...approved, ...current].map(({ table }) => table))]
  const texts = names.flatMap((name) => {
    const [before, now] = [headOf(approved, name), headOf(current, name)]
    if (before === now) return []
    if (before === undefined) return [`version table ${name} was not part of the plan, and is now, at ${now}`]
    if (now === undefined) return [`version table ${name} was part of the plan, and is not now`]
    return [`version table ${name}: its head moved from ${before} to ${now}`]
  })
  const order = (tables: PlanContract['tables']) => tables.map(({ table }) => table).join(' ')
  if (texts.length === 0 && order(approved) !== order(current)) texts.push('version tables: they stand in another order')
  return texts.map((text) => ({ what: 'ledger', text }))
}

function settingDifferences(approved: PlanContract['policy'], current: PlanContract['policy']): PlanDifference[] {
  const names = [...new Set([...Object.keys(approved), ...Object.keys(current)])].sort()
  return names.flatMap((name): PlanDifference[] => {
    const [before, now] = [approved, current].map((policy) => (Object.hasOwn(policy, name) ? policy[name] : undefined))
    if (before === now) return []
    const [from, to] = shownSettings(name, before, now)
    return [{ what: 'setting', text: `setting ${name}: from ${from} to ${to}` }]
  })
}

type Setting = string | number | boolean | undefined

/** Durations are kept in milliseconds; two that read alike are shown so. */
function shownSettings(name: string, before: Setting, now: Setting): [string, string] {
  const isDuration = /-(?:budget|age)$/.test(name)
  const show = (value: Setting, duration: (ms: number) => string) =>
    value === undefined ? 'not set' : typeof value === 'number' && isDuration ? duration(value) : String(value)
  const [from, to] = [show(before, formatDuration), show(now, formatDuration)]
  return from === to ? [show(before, (ms) => `${ms} ms`), show(now, (ms) => `${ms} ms`)] : [from, to]
}

function migrationDifferences(
  approved: readonly ContractMigration[],
  current: readonly ContractMigration[],
  elsewhere: Elsewhere,
): PlanDifference[] {
  const before = new Map(approved.map((one) => [lineageOf(one.version), one]))
  const now = new Map(current.map((one) => [lineageOf(one.version), one]))
  const texts = [
    ...approved.flatMap((one) => {
      const found = now.get(lineageOf(one.version))
      return found === undefined ? [goneText(one, current, before, elsewhere)] : changesOf(one, found)
    }),
    ...current.filter((one) => !before.has(lineageOf(one.version)) && renumbered(one, approved, now) === undefined).map(addedText),
  ]
  if (texts.length > 0) return texts.map((text) => ({ what: 'migration', text }))
  const order = (all: readonly ContractMigration[]) => all.map(({ version }) => shownVersion(version)).join(' ')
  return order(approved) === order(current)
    ? []
    : [{ what: 'order', text: `the migrations would run in another order: ${order(approved)} was approved, ${order(current)} it is now` }]
}

function goneText(
  one: ContractMigration,
  current: readonly ContractMigration[],
  before: ReadonlyMap<string, ContractMigration>,
  { pending, applied }: Elsewhere,
): string {
  const other = renumbered(one, current, before)
  if (other !== undefined) return `${one.id} is ${other.id} now: it has another number`
  const run = applied.get(one.version)
  if (run !== undefined) return `${one.id} is not pending any more: it was applied by ${run}`
  const phase = pending.get(one.version)
  if (phase === one.phase) return `${one.id} belongs to phase ${phase}`
  if (phase !== undefined) return `${one.id} moved from phase ${one.phase} to phase ${phase}`
  return `${one.id} was removed (${short(one.checksum)})`
}

function addedText(one: ContractMigration): string {
  return `${one.id} was added (${short(one.checksum)})`
}

function changesOf(before: ContractMigration, now: ContractMigration): string[] {
  return [
    ...(before.checksum === now.checksum
      ? []
      : [`${now.id} was edited: ${short(before.checksum)} was approved, ${short(now.checksum)} it is now`]),
    ...(before.version === now.version || before.checksum !== now.checksum
      ? []
      : [`${now.id} takes other values from the environment than when it was approved`]),
    ...(before.phase === now.phase ? [] : [`${now.id} moved from phase ${before.phase} to phase ${now.phase}`]),
    ...(before.transactional === now.transactional
      ? []
      : [`${now.id} would run ${mode(now)} now, and ${mode(before)} when it was approved`]),
  ]
}

/** The same text under a number that the other side does not have. */
function renumbered(
  one: ContractMigration,
  others: readonly ContractMigration[],
  taken: ReadonlyMap<string, ContractMigration>,
): ContractMigration | undefined {
  return others.find(
    (other) =>
      other.version !== one.version && !taken.has(lineageOf(other.version)) && other.checksum === one.checksum && other.phase === one.phase,
  )
}

function mode({ transactional }: ContractMigration): string {
  return transactional ? 'in a transaction' : 'outside a transaction'
}

function short(checksum: string): string {
  return checksum.slice(0, 12)
}
