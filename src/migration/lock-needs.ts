import type { RelationName } from '../sql/locks/names.ts'
import { type RelationLock, statementLocks } from '../sql/locks.ts'
import type { Statement } from '../sql/parse.ts'

/** The locks of several statements that run as one. */
export interface LockNeeds {
  /** On relations that were there before. */
  readonly locks: readonly RelationLock[]
  /** Those that may be taken at the start: no row is read or written before they are needed. */
  readonly first: readonly RelationLock[]
  readonly creates: readonly RelationName[]
  /** Why some locks cannot be told from the text. */
  readonly unknown: string | undefined
  /** Plain definitions, which change no session and run no foreign code. */
  readonly definesOnly: boolean
}

export const unknownNeeds = (why: string): LockNeeds => ({ locks: [], first: [], creates: [], unknown: why, definesOnly: false })

export function lockNeeds(statements: readonly Statement[]): LockNeeds {
  const locks: RelationLock[] = []
  const first: RelationLock[] = []
  const creates: RelationName[] = []
  const meanings = new Map<string, RelationName | 'made'>()
  let unknown: string | undefined
  let definesOnly = true
  let instant = true
  for (const statement of statements) {
    const one = statementLocks(statement)
    const others = one.locks.flatMap((lock) => asBefore(lock, meanings))
    locks.push(...others)
    if (instant) first.push(...others)
    creates.push(...one.creates)
    for (const name of one.creates) meanings.set(keyOf(name), 'made')
    for (const { from, to } of one.renames ?? []) meanings.set(keyOf(to), meanings.get(keyOf(from)) ?? from)
    unknown ??= one.unknown
    definesOnly &&= one.definesOnly
    instant &&= one.work === 'catalog' && one.unknown === undefined
  }
  return { locks, first, creates, unknown, definesOnly }
}

/** The lock under the name that the relation has before all statements; none on one that they made. */
function asBefore(lock: RelationLock, meanings: ReadonlyMap<string, RelationName | 'made'>): RelationLock[] {
  const meant = meanings.get(keyOf(lock)) ?? lock
  return meant === 'made' ? [] : [{ ...lock, schema: meant.schema, name: meant.name }]
}

/** Whether every relation it locks was made by this run: nobody else can be using it. */
export function touchesOnly(made: ReadonlySet<string>, { locks, unknown, definesOnly }: LockNeeds): boolean {
  return definesOnly && unknown === undefined && locks.every((lock) => made.has(keyOf(lock)))
}

/** A name as it is written: `accounts` and `public.accounts` may be two tables. */
export function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema ?? null, name])
}
