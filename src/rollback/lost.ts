import { isRepeatable, shownVersion } from '../migration/migration.ts'
import { formatMoment } from '../units.ts'
import type { DecidedLine } from './decide.ts'
import type { RecordedRun } from './records.ts'
import type { RanSince, RunState } from './since.ts'

/** What ran and whose text nobody has: nobody can say what it means. */
export function linesOfLost(lost: readonly RanSince[], displaced: RunState['displaced']): readonly DecidedLine[] {
  return [
    ...lost.map(({ version, name, phase, checksum }) => {
      const repeatable = isRepeatable({ version })
      const which = repeatable ? (name ?? shownVersion(version)) : `version ${version}${name === undefined ? '' : ` (${name})`}`
      const values = repeatable ? '; where it takes placeholders, their values are those of this environment' : ''
      const because = `No file of this checkout and no commit that git knows holds ${which}${checksum === undefined ? '' : ' as it ran'}${values}.`
      return unknown({ id: name ?? shownVersion(version), version, phase }, which, because)
    }),
    ...displaced.map(({ migration, ran }) => {
      const because = `Version ${shownVersion(migration.version)} ran here as ${ran}; whether ${migration.path} of the target has run too is not known.`
      return unknown(migration, migration.path, because)
    }),
  ]
}

/** A run that may have applied anything, of a commit whose files nobody has. */
export function lineOfRun({ command, run, at, commit }: RecordedRun): DecidedLine {
  const which = commit === undefined ? 'its commit is not known' : `git does not hold its commit ${commit.slice(0, 12)}`
  const because = `The ${command} of ${formatMoment(at)} does not say what it applied, and ${which}.`
  return unknown(undefined, `run ${run}`, because)
}

function unknown(migration: DecidedLine['migration'], path: string, because: string): DecidedLine {
  return {
    migration,
    path,
    start: undefined,
    statement: '',
    effect: 'unknown',
    because,
    by: 'rules',
    data: { kind: 'impossible', what: 'nobody knows' },
  }
}
