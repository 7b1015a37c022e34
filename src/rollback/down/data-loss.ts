import type { TableName } from '../../migration/ledger.ts'

/** Data that a way back takes away from the live database. */
export interface DownLoss {
  readonly kind: 'table' | 'column' | 'rows' | 'values' | 'narrowed' | 'unknown'
  /** In words that follow "loses". */
  readonly what: string
  /** `path:line` of the statement. */
  readonly place: string
  readonly statement: string
  readonly table: TableName | undefined
  readonly columns: readonly string[]
  readonly unit: 'rows' | 'values'
  /** Selects how much it is, as one bigint; missing where that cannot be counted. */
  readonly count: string | undefined
  /** Selects one text that changes whenever the data does. */
  readonly mark: string | undefined
  /** Where a copy is taken from; missing where the data cannot be told from the rest. */
  readonly copy: { readonly table: TableName } | undefined
  /** Nothing is lost: the statement fails where a value does not fit. */
  readonly fails: boolean
}

/** A loss as it was at one moment. */
export interface CountedLoss extends DownLoss {
  readonly counted: bigint | undefined
  readonly markedAs: string | undefined
  /** How long count and mark took together. */
  readonly markMs: number
}

/** A copy of what is lost, in the store and read back. */
export interface Rescue {
  readonly key: string
  readonly manifestKey: string
  readonly bytes: number
  readonly sha256: string
  readonly rows: number
  /** What a person types to put it back. */
  readonly command: string
}

/** Whether anything goes: a statement that would fail loses nothing, nor does one that finds nothing. */
export function isLost({ fails, counted }: CountedLoss): boolean {
  return !fails && counted !== 0n
}

/** All that goes, as one number; `undefined` where a part of it cannot be counted. */
export function totalOf(losses: readonly CountedLoss[]): bigint | undefined {
  return losses.filter(isLost).reduce<bigint | undefined>((sum, { counted }) => {
    return sum === undefined || counted === undefined ? undefined : sum + counted
  }, 0n)
}
