import { type RelationLock, statementLocks } from '../sql/locks.ts'
import type { Statement } from '../sql/parse.ts'

type Name = Pick<RelationLock, 'schema' | 'name'>

/** The locks of several statements that run as one. */
export interface LockNeeds {
  /** On relations that were there before. */
  readonly locks: readonly RelationLock[]
  /** Those that may be taken at the start: no row is read or written before they are needed. */
  readonly first: readonly RelationLock[]
  readonly creates: readonly Name[]
  /** Why some locks cannot be told from the text. */
  readonly unknown: string | undefined
  /** Plain definitions, which change no session and run no foreign code. */
  readonly definesOnly: boolean
}

export const unknownNeeds = (why: string): LockNeeds => ({ locks: [], first: [], creates: [], unknown: why, definesOnly: false })

export function lockNeeds(statements: readonly Statement[]): LockNeeds {
  const locks: RelationLock[] = []
  const first: RelationLock[] = []
  const creates: Name[] = []
  let unknown: string | undefined
  let definesOnly = true
  let instant = true
  for (const statement of statements) {
    const one = statementLocks(statement)
    const own = new Set(creates.map(keyOf))
    const others = one.locks.filter((lock) => !own.has(keyOf(lock)))
    locks.push(...others)
    if (instant) first.push(...others)
    creates.push(...one.creates)
    unknown ??= one.unknown
    definesOnly &&= one.definesOnly
    instant &&= one.work === 'catalog' && one.unknown === undefined
  }
  return { locks, first, creates, unknown, definesOnly }
}

/** Whether every relation it locks was made by this run: nobody else can be using it. */
export function touchesOnly(made: ReadonlySet<string>, { locks, unknown, definesOnly }: LockNeeds): boolean {
  return definesOnly && unknown === undefined && locks.every((lock) => made.has(keyOf(lock)))
}

/** A name as it is written: `accounts` and `public.accounts` may be two tables. */
export function keyOf({ schema, name }: Name): string {
  return JSON.stringify([schema ?? null, name])
}
