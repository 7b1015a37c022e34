import type { Layout } from '../migration/layout.ts'
import type { Migration } from '../migration/migration.ts'
import { gravest } from './concern.ts'
import { type DecidedLine, decide, lineByRules } from './decide.ts'
import { type JudgedMigration, judgeSince } from './judge.ts'
import type { Outlook, OutlookStep } from './outlook.ts'

export interface AboutToRun {
  /** The release whose code would come back; `undefined` when none is recorded: then `target` is what has run. */
  readonly to: string | undefined
  /** Its migrations. */
  readonly target: readonly Migration[]
  /** What has run since, with the text that ran. */
  readonly ran: readonly Migration[]
  /** What has run since and whose text nobody has. */
  readonly lost: readonly DecidedLine[]
  /** What is about to run, in its order. */
  readonly run: readonly Migration[]
  /** Where the older code would not start once the version table is newer than its files. */
  readonly boot: DecidedLine | undefined
  readonly layout: Layout
  /** Major version of the server. */
  readonly postgres: number
}

/** Judges by rules, as `rollback` does, what it would find after each migration. */
export async function lookAhead({ to, target, ran, lost, run, boot, layout, postgres }: AboutToRun): Promise<Outlook> {
  // what the older release contains itself takes nothing from its code
  const held = run.filter((one) => target.includes(one))
  const added = run.filter((one) => !held.includes(one))
  const { files } = await judgeSince({ target, since: [...ran, ...added], layout, postgres })
  const own =
    held.length === 0
      ? []
      : (await judgeSince({ target: target.filter((one) => !held.includes(one)), since: held, layout, postgres })).files
  const byMigration = new Map([...files, ...own].map((file) => [file.migration, file]))
  const before = files.slice(0, ran.length).flatMap(linesAgainst)
  const atBoot = boot === undefined ? [] : [boot]
  let closings = close({}, undefined, [...(ran.length + lost.length > 0 ? atBoot : []), ...lost, ...before])
  let isNewer = ran.length + lost.length > 0
  const steps = run.map((migration): OutlookStep => {
    const file = byMigration.get(migration) as JudgedMigration
    const against = [...(held.includes(migration) ? [] : [...(isNewer ? [] : atBoot), ...linesAgainst(file)])]
    isNewer ||= added.includes(migration)
    closings = close(closings, migration, against)
    const shape = closings.end !== undefined ? 'hotfix' : closings.doubt !== undefined ? 'undecided' : 'code-only'
    return { migration, shape, against: decide(against, 'rules').lines, down: file.down }
  })
  return { to, steps, doubt: closings.doubt, end: closings.end }
}

type Closings = Pick<Partial<Outlook>, 'doubt' | 'end'>

/** The first of each kind stays. */
function close({ doubt, end }: Closings, migration: Migration | undefined, against: readonly DecidedLine[]): Required<Closings> {
  const line = gravest(against)
  const shape = decide(against, 'rules').shape
  const closing = line === undefined ? undefined : { migration, line }
  return { doubt: doubt ?? (shape === 'undecided' ? closing : undefined), end: end ?? (shape === 'hotfix' ? closing : undefined) }
}

function linesAgainst({ statements }: JudgedMigration): readonly DecidedLine[] {
  return statements.map(lineByRules).filter(({ effect }) => effect !== 'compatible')
}
