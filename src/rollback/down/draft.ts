import type { DownLoss } from './loss.ts'

/** What is known of a loss before the whole down has been read. */
export interface Draft extends Pick<DownLoss, 'kind' | 'what' | 'fails'> {
  readonly about: Subject | undefined
}

/** Numbers are those of tables and sequences in the schema; columns are named as the live database names them. */
export type Subject =
  | { readonly kind: 'table'; readonly id: number }
  | SequenceSubject
  | { readonly kind: 'columns'; readonly id: number; readonly columns: readonly string[] }
  | {
      readonly kind: 'rows'
      readonly id: number
      readonly restarts: boolean
      readonly where: string | undefined
      readonly ownPath: boolean
    }
  | ({ readonly kind: 'values'; readonly id: number; readonly columns: readonly string[]; readonly retyped: boolean } & Met)

/** Dropped, or begun anew. */
export interface SequenceSubject {
  readonly kind: 'sequence' | 'position'
  readonly id: number
}

interface Met {
  readonly where: string | undefined
  readonly ownPath: boolean
}

export function unknown(what: string): Draft {
  return { kind: 'unknown', what, fails: false, about: undefined }
}
