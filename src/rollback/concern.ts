import type { Node } from '@pgsql/types'

/** What a statement means for the code of the target release. */
export type Effect = 'compatible' | 'breaks-start' | 'breaks-reads' | 'breaks-writes' | 'changes-meaning' | 'unknown'

/** The gravest first: what is known to break comes before what nobody knows. */
export const effects = [
  'breaks-start',
  'breaks-reads',
  'breaks-writes',
  'changes-meaning',
  'unknown',
  'compatible',
] as const satisfies readonly Effect[]

/** What the target's queries must not do, so that a concern is none. */
export type Settling =
  /** PREPARE finds every name and type that a query needs; what `*` of a relation gives it does not tell, nor what a routine does with the words. */
  | {
      readonly by: 'names'
      readonly star?: string
      readonly words?: readonly string[]
      /** A new column: a query of its table that names it alone may find it in the place of what it meant, and still be prepared. */
      readonly bare?: { readonly of: string; readonly column: string }
    }
  /** No query uses the relation, or those of its columns. */
  | { readonly by: 'use'; readonly of: string; readonly columns?: readonly string[] }
  /** No query writes the relation in this way; `columns` narrow updates down, `without` inserts to those that leave a column out. */
  | {
      readonly by: 'writes'
      readonly to: string
      readonly columns?: readonly string[]
      readonly kinds?: readonly WriteKind[]
      readonly without?: string
    }
  /** No query writes rows that the limits may refuse. */
  | { readonly by: 'rows'; readonly to: string; readonly limits: readonly Limit[] }
  /** No query tells anything of it. */
  | { readonly by: 'nothing' }

/** What a row must be. */
export type Limit =
  | { readonly kind: 'not-null'; readonly column: string }
  /** `old`: rows that were there before were not looked at, so that any change of them may fail. */
  | { readonly kind: 'check'; readonly expression: Node; readonly old: boolean }

export type WriteKind = 'insert' | 'update' | 'delete' | 'truncate'

/** One way in which the target's code may meet what a statement did. */
export interface Concern {
  readonly effect: Exclude<Effect, 'compatible'>
  /** One sentence, with the names. */
  readonly because: string
  readonly settling: Settling
  /** Names without their schemas that an error about it would hold. */
  readonly subjects: readonly string[]
}

export function gravest<T extends { readonly effect: Effect }>(all: readonly T[]): T | undefined {
  return [...all].sort((one, other) => effects.indexOf(one.effect) - effects.indexOf(other.effect))[0]
}
