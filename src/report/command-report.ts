import { formatMoment } from '../units.ts'

/** The word that carries a verdict for people; the sign before it only repeats it. */
export type Word =
  | 'Passed'
  | 'Failed'
  | 'Could not tell'
  | 'Nothing to do'
  | 'Dry run'
  | 'Hotfix'
  | 'Not run'
  | 'Promote'
  | 'Abort'
  | 'Hold'

/** Text of a cell; names and values that people copy are `code`. */
export type Cell = string | { readonly code: string }

export interface ReportTable {
  readonly title: string
  readonly headers: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Detail that only some readers want. */
  readonly folded?: true
  /** For whoever compares it by eye; a terminal cannot fold it away. */
  readonly onlySummary?: true
}

/** Bars, one a label, in one unit. The numbers also stand in a table. */
export interface Chart {
  readonly title: string
  readonly unit: string
  readonly bars: readonly { readonly label: string; readonly value: number }[]
  /** Limits, drawn across all bars. */
  readonly levels?: readonly number[]
}

/** Charts that belong together. */
export interface ChartGroup {
  readonly title: string
  readonly charts: readonly Chart[]
}

/** Commands to copy, a line each. */
export interface ReportScript {
  readonly title: string
  readonly lines: readonly string[]
}

/** How grave a finding is, in a table. */
export const severityWords = { error: '✖ error', warning: '! warning', advice: 'advice' } as const

/** One place in a file that something is wrong with. */
export interface ReportFinding {
  readonly severity: 'error' | 'warning' | 'advice'
  /** As `path:line:column`. */
  readonly at: string
  readonly rule: string
  readonly message: string
  readonly harm: string
  readonly remedy: string
  /** The line, and which of its characters are meant, counted from 0. */
  readonly source: { readonly line: number; readonly text: string; readonly from: number; readonly width: number } | undefined
}

/** Texts to copy into files, for the summary; each says where it belongs. */
export interface ReportBlocks {
  readonly title: string
  readonly blocks: readonly { readonly intro: string; readonly text: string; readonly language: string }[]
}

/** What one command adds to the common part, as raw text; renderers escape it and decide nothing. */
export interface CommandDetail {
  /** Takes the place of the verdict's word. */
  readonly word?: Word | undefined
  /** What was done and where; otherwise command and environment. */
  readonly what?: string | undefined
  readonly facts?: readonly (readonly [name: string, value: Cell])[]
  readonly tables?: readonly ReportTable[]
  readonly notes?: readonly string[]
  readonly chart?: Chart | undefined
  readonly chartGroup?: ChartGroup | undefined
  readonly script?: ReportScript | undefined
  /** The gravest first. */
  readonly findings?: readonly ReportFinding[]
  readonly blocks?: readonly ReportBlocks[]
  /** Whether the headline, with the reason in it, says all: then nothing else is printed. */
  readonly brief?: boolean
  /** Checks that a table or a fact shows as well: they are listed when they did not pass. */
  readonly shownElsewhere?: ReadonlySet<string>
  /** What each check is called, by its id. */
  readonly checkNames?: ReadonlyMap<string, string>
}

/** A moment of a result for people. */
export function moment(text: string | undefined): string | undefined {
  return text === undefined ? undefined : formatMoment(text)
}

export function codeCell(text: string | undefined): Cell {
  return text === undefined ? '' : { code: text }
}

/** Without those that the result does not hold. */
export function knownFacts(facts: readonly (readonly [string, Cell | undefined])[]): [string, Cell][] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as [string, Cell]]))
}
