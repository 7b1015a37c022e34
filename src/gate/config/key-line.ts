import type { Formula } from './formula.ts'

/** A line that says something about one key. */
export interface KeyLine {
  readonly name: string
  /** `required`: somebody must give it a value wherever the line counts. */
  readonly need: 'required' | 'optional'
  /** When the line counts. */
  readonly when: Formula
  /** The condition as it is written, for people. */
  readonly condition: string | undefined
  /** Other names that serve as well. */
  readonly aliases: readonly string[]
  /** Below the folder of `shiplock.yml`; `undefined` when a command named the key. */
  readonly path: string | undefined
  readonly line: number
  /** What the template says about it, line by line. */
  readonly comment: readonly string[]
  /** Set where the line is commented out: it only mentions the key. */
  readonly mentioned?: true
}

/** What a release says about its keys. */
export interface Contract {
  readonly lines: readonly KeyLine[]
  /** Keys whose names are put together when the template is rendered. */
  readonly patterns: readonly RegExp[]
  /** Flags that the templates set themselves. */
  readonly settled: readonly { readonly name: string; readonly value: boolean }[]
  readonly notes: readonly string[]
  /** Files that a template includes, and that nobody named. */
  readonly unreadFiles: readonly string[]
}

export const keyName = /^[A-Za-z_][A-Za-z0-9_]*$/
