import type { InputValues } from '../inputs.ts'
import type { Check } from '../result.ts'
import { type DecidedLine, type Decision, placeOf, type Shape } from '../rollback/decide.ts'
import { checklistOf, hotfixOf } from '../rollback/hotfix.ts'
import type { Issue } from '../rollback/issues.ts'
import type { Target } from '../rollback/present.ts'
import type { RunState } from '../rollback/since.ts'
import { plural } from '../units.ts'
import type { Outcome } from './command.ts'

interface Release {
  readonly release: string
  readonly commit: string | undefined
}

/** A decision, and what it was made from. */
export interface Decided {
  readonly target: Target
  readonly live: Release | undefined
  /** The last that was deployed, also when a rollback came after it. */
  readonly deployed: Release | undefined
  readonly decision: Decision
  readonly ran: RunState
  readonly asked: InputValues['shape']
  readonly dryRun: boolean
  readonly recorded: boolean
  readonly database: string | undefined
  readonly notes: readonly string[]
  /** What makes a migration where Shiplock itself makes none. */
  readonly generator?: string | undefined
  readonly queries?: object
  /** What became of the one migration that was to be taken back. */
  readonly down?: Outcome
  /** What it goes by where the database was not asked, in words for people and as the output says it. */
  readonly source?: { readonly kind: 'record' | 'history'; readonly at: Date; readonly text: string }
}

/** What GitHub says of the target, and what it was told. */
export interface FollowUp {
  readonly check: Check
  readonly issue: (Issue & { readonly isNew: boolean }) | undefined
  /** Where a person opens the issue by hand. */
  readonly draft: string | undefined
  readonly notes: readonly string[]
}

export function outcomeOf(decided: Decided, told: FollowUp): Outcome {
  if (decided.down !== undefined) return withFollowUp(decided.down, decided, told)
  const { check, issue, draft, notes: more } = told
  const { target, live, decision, ran, asked, dryRun, recorded, database, notes, queries, source } = decided
  const { deciding } = decision
  const done = { testsSeen: check.status !== 'not-checked', issueOpen: issue !== undefined }
  const sentence = sentenceOf(decision, asked, target.name, ran.since.length)
  return {
    verdict: verdictOf(decision.shape, asked),
    reason: source === undefined ? sentence : `From ${source.text}, not from the database: ${sentence}`,
    checks: [check],
    outputs: {
      shape: decision.shape,
      deciding: deciding === undefined ? '' : placeOf(deciding),
      source: source?.kind ?? 'database',
      issue: issue?.number ?? '',
    },
    details: {
      database,
      from: live?.release,
      to: target.name,
      commit: target.commit,
      shape: decision.shape,
      asked,
      by: decision.by,
      ...(source === undefined ? {} : { source: { kind: source.kind, at: source.at.toISOString(), text: source.text } }),
      dryRun,
      ...(queries === undefined ? {} : { queries }),
      recorded,
      deciding: deciding === undefined ? undefined : describe(deciding),
      lines: decision.lines.map(describe),
      leftBehind: ran.since.map(({ version, name }) => name ?? version),
      hotfix: decision.shape === 'hotfix' || asked === 'hotfix' ? hotfixOf(decision, live, done, decided.generator) : undefined,
      checklist: asked === 'hotfix' ? [] : checklistOf(decision, target.name, done),
      ...(issue === undefined ? {} : { issue }),
      ...(draft === undefined ? {} : { issueDraft: draft }),
      notes: [...notes, ...unchecked(ran.unchecked), ...more],
    },
  }
}

/** The same, with what GitHub says beside it. */
function withFollowUp(down: Outcome, decided: Decided, { check, issue, draft, notes }: FollowUp): Outcome {
  const { ran, decision, target, recorded } = decided
  const done = { testsSeen: check.status !== 'not-checked', issueOpen: issue !== undefined }
  const { notes: said = [] } = (down.details ?? {}) as { readonly notes?: readonly string[] }
  return {
    ...down,
    checks: [...(down.checks ?? []), check],
    outputs: { ...down.outputs, source: 'database', issue: issue?.number ?? '' },
    details: {
      ...down.details,
      ...(issue === undefined ? {} : { issue }),
      ...(draft === undefined ? {} : { issueDraft: draft }),
      checklist: recorded && down.error === undefined ? checklistOf(decision, target.name, done) : [],
      notes: [...said, ...unchecked(ran.unchecked), ...notes],
    },
  }
}

function verdictOf(shape: Shape, asked: InputValues['shape']): Outcome['verdict'] {
  if (asked === 'hotfix') return 'pass'
  if (shape === 'undecided') return 'inconclusive'
  // what deploys the older code next must not go on
  return shape === 'code-only' ? 'pass' : 'fail'
}

export function sentenceOf({ shape, by, deciding }: Decision, asked: InputValues['shape'], to: string, since: number): string {
  const how = by === 'rules' ? 'by rules' : "by the target's queries"
  if (since === 0) return `No migration has run since ${to}: its code may be deployed.`
  if (deciding === undefined)
    return `The code of ${to} may be deployed on the schema as it is (${how}); ${plural(since, 'migration')} stay${since === 1 ? 's' : ''} behind.`
  const because = `${placeOf(deciding)}: ${deciding.because}`
  if (shape === 'undecided') return `Whether the code of ${to} works on this schema is not known. ${because}`
  return `${asked === 'code-only' ? 'code-only is not open' : 'Ship a hotfix'}: the code of ${to} does not work on this schema (${how}). ${because}`
}

function describe({ migration, path, start, statement, effect, because, by, byRules, data }: DecidedLine) {
  return {
    migration: migration?.id,
    phase: migration?.phase,
    path,
    line: start?.line,
    statement,
    effect,
    because,
    by,
    ...(byRules === undefined ? {} : { byRules }),
    data,
  }
}

function unchecked(count: number): string[] {
  return count === 0
    ? []
    : [`Nothing kept the checksum of ${plural(count, 'migration')} of the target: that they ran as the target has them is not checked.`]
}
