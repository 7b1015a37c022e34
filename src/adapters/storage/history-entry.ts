import { z } from 'zod'
import { messageOf, ReleaseError } from '../../errors.ts'

/** One more than what an older Shiplock reads; events that are new do not count, they are passed over. */
const schemaVersion = 1

const phase = z.enum(['pre', 'post'])

const moment = z.iso.datetime().transform((text) => new Date(text))

const identity = { environment: z.string(), systemIdentifier: z.string().optional(), databaseOid: z.string(), address: z.string() }

const takenBack = z.object({
  migration: z.string(),
  lost: z.array(z.object({ what: z.string(), count: z.string().optional(), unit: z.enum(['rows', 'values']) })).readonly(),
  savedIn: z.object({ kind: z.enum(['copy', 'backup']), key: z.string(), command: z.string() }).optional(),
})

const rollback = z.object({
  from: z.string().optional().catch(undefined),
  to: z.string().catch(''),
  toCommit: z.string().catch(''),
  shape: z.enum(['code-only', 'down-one']).catch('code-only'),
  by: z.enum(['rules', 'queries']).catch('rules'),
  reason: z.string().catch(''),
  who: z.string().catch(''),
  takenBack: takenBack.optional().catch(undefined),
})

const byHand = z.object({
  action: z.enum(['mark-applied', 'mark-reverted', 'clear-dirty']),
  reason: z.string(),
  who: z.string(),
  wasApplied: z.boolean(),
})
const attempted = { phase, version: z.string(), name: z.string(), checksum: z.string(), byHand: byHand.optional() }

const event = z.discriminatedUnion('event', [
  z.object({ event: z.literal('migration'), ...attempted }),
  z.object({ event: z.literal('command'), phase: phase.or(z.literal('all')), program: z.string(), application: z.string() }),
  z.object({
    event: z.literal('ended'),
    attempt: z.string(),
    state: z.enum(['running', 'applied', 'failed', 'applied-unreported', 'not-applied', 'unknown']),
    durationMs: z.number().optional(),
    error: z.string().optional(),
  }),
  z.object({ event: z.literal('reversal'), ...attempted, rollback: rollback.optional() }),
  z.object({
    event: z.literal('reversal-ended'),
    attempt: z.string(),
    state: z.enum(['running', 'reverted', 'failed', 'not-reverted']),
    durationMs: z.number().optional(),
    error: z.string().optional(),
  }),
  z.object({
    event: z.literal('step'),
    version: z.string(),
    index: z.number().int(),
    hash: z.string(),
    state: z.enum(['started', 'failed', 'finished']),
  }),
  z.object({
    event: z.literal('deployed'),
    migrations: z.array(z.object({ version: z.string(), phase, checksum: z.string(), name: z.string().optional() })),
  }),
  z.object({ event: z.literal('older-allowed'), reason: z.string(), than: z.string() }),
  z.object({
    event: z.literal('adopted'),
    reason: z.string(),
    kind: z.enum(['moved', 'copy']),
    from: z.object({ id: z.string(), ...identity }),
    to: z.object(identity),
  }),
  z.object({
    event: z.literal('backup'),
    phase: phase.or(z.literal('all')),
    id: z.string().exactOptional(),
    level: z.enum(['landed', 'read-back', 'attested']),
    snapshotAt: z.string().exactOptional(),
    evidence: z.string().exactOptional(),
    heads: z.array(z.object({ table: z.string(), head: z.string(), empty: z.boolean() })),
  }),
  z.object({ event: z.literal('waived'), what: z.literal('drill'), phase: phase.or(z.literal('all')), reason: z.string(), by: z.string() }),
  rollback.extend({ event: z.literal('rollback') }),
  // what is not known to be good counts as a hold
  z.object({
    event: z.literal('canary'),
    verdict: z.enum(['promote', 'abort', 'hold']).catch('hold'),
    reason: z.string().catch(''),
    accepted: z.boolean().catch(false),
  }),
])

/** Something that happened, as an entry of the stored history tells it. */
export type HistoryEvent = z.output<typeof event>

const known: readonly string[] = event.options.map((option) => option.shape.event.value)
const unknownEvent = z.object({ event: z.string().refine((name) => !known.includes(name)) }).transform(() => undefined)

const entry = z.object({
  schema: z.string(),
  stamp: z.string(),
  release: z.string(),
  commit: z.string().optional(),
  run: z.object({ id: z.string(), attempt: z.string(), host: z.string() }),
  at: moment,
  events: z
    .array(z.union([event, unknownEvent]))
    .transform((events) => events.map((one, index) => ({ one, index })).filter((pair): pair is IndexedEvent => pair.one !== undefined)),
})

/** An event and its place in its entry, which is a part of an attempt's id. */
interface IndexedEvent {
  readonly one: HistoryEvent
  readonly index: number
}

/** What one write added to the history: all of its events or none. */
export type HistoryEntry = z.output<typeof entry>

export type NewEntry = Omit<z.input<typeof entry>, 'schema' | 'events' | 'at'> & {
  readonly at: Date
  readonly events: readonly HistoryEvent[]
}

const stamp = z.object({ schema: z.string(), id: z.string(), ...identity, stampedAt: moment })

export function writeEntry(given: NewEntry): string {
  return print('history', given)
}

/** Throws `history-damaged`, or `state-newer`. */
export function readEntry(text: string, key: string): HistoryEntry {
  return read(text, key, 'history', entry)
}

export function writeStamp(given: Omit<z.output<typeof stamp>, 'schema'>): string {
  return print('stamp', given)
}

export function readStamp(text: string, key: string): z.output<typeof stamp> {
  return read(text, key, 'stamp', stamp)
}

function print(kind: string, given: object): string {
  return `${JSON.stringify({ schema: `shiplock/${kind}@${schemaVersion}`, ...given }, undefined, 2)}\n`
}

function read<T extends z.ZodType<{ schema: string }>>(text: string, key: string, kind: string, shape: T): z.output<T> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw damaged(`${key} is not JSON: ${messageOf(cause)}`, cause)
  }
  const schema = z.object({ schema: z.string() }).safeParse(parsed).data?.schema
  const version = new RegExp(`^shiplock/${kind}@(\\d+)$`).exec(schema ?? '')?.[1]
  if (version === undefined) throw damaged(`${key} is no object of Shiplock's`)
  if (Number(version) > schemaVersion) {
    throw new ReleaseError('state-newer', `${key} was written by a newer Shiplock.`, {
      hint: 'Use the version of Shiplock that the other stages use, or a newer one.',
    })
  }
  const result = shape.safeParse(parsed)
  if (!result.success) throw damaged(`${key} does not hold what it should: ${z.prettifyError(result.error)}`, result.error)
  return result.data
}

/** What cannot be read cannot be gone by: nothing is decided from half a history. */
export function damaged(problem: string, cause?: unknown): ReleaseError {
  return new ReleaseError('history-damaged', `The stored history is not whole: ${problem}.`, {
    hint: 'Put the object back as it was, from a version or a copy of the store. No rule of the store may expire or change what lies below history/.',
    cause,
  })
}
