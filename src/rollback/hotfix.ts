import { type Decision, placeOf } from './decide.ts'

/** How to go forward where going back is not possible. */
export interface Hotfix {
  readonly branch: string
  /** Commands to copy. */
  readonly commands: readonly string[]
  readonly checklist: readonly string[]
}

/** What people need not do any more. */
interface Done {
  readonly testsSeen: boolean
  readonly issueOpen: boolean
}

const nothingDone: Done = { testsSeen: false, issueOpen: false }

/** A branch from the release that is live: the fix goes on top of the code that the schema belongs to. */
export function hotfixOf(
  { deciding }: Decision,
  live: { readonly release: string; readonly commit: string | undefined } | undefined,
  { issueOpen }: Done = nothingDone,
  generator?: string | undefined,
): Hotfix {
  const from = live?.release ?? 'HEAD'
  const branch = `hotfix/${from.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.]+$/g, '')}`
  const base = live === undefined ? 'HEAD' : (live.commit ?? live.release)
  const because = deciding === undefined ? [] : [`Keep what makes going back impossible in mind: ${placeOf(deciding)}.`]
  return {
    branch,
    commands: [
      `git switch --create ${quoted(branch)} ${quoted(base)}`,
      `${generator ?? 'shiplock new --hotfix'} <name>`,
      'shiplock lint',
      'shiplock plan',
    ],
    checklist: [
      'Turn the flags of the new features off, where there are any.',
      `Fix it on the branch ${branch}; ${
        generator === undefined
          ? 'a migration of its own gets its number from "shiplock new --hotfix".'
          : `a migration of its own is made by "${generator}", with the line "# shiplock: hotfix" at its top.`
      }`,
      ...because,
      'Release it as any other: backup, pre phase, deploy, "shiplock record deployed".',
      issueOpen
        ? 'Merge the branch into the main line.'
        : 'Open an issue that says what went wrong, and merge the branch into the main line.',
    ],
  }
}

/** What people do next; for a hotfix it stands there. */
export function checklistOf({ shape, by, deciding }: Decision, to: string, done: Done = nothingDone): readonly string[] {
  if (shape === 'code-only') return afterCodeOnly(done)
  if (shape === 'hotfix' || deciding === undefined) return []
  const command = `shiplock rollback --to ${quoted(to)}`
  const byHand = `Judge it by hand: does the code of ${to} work after what stands in ${placeOf(deciding)}? Deploy it only when you are sure.`
  return [
    ...(by === 'rules'
      ? [`Let the queries of ${to} decide: ${command} --dry-run --queries 'db/queries/**/*.sql', with your own path.`]
      : []),
    byHand,
    `Where it does not, go forward: ${command} --shape hotfix --dry-run shows how.`,
  ]
}

/** What people do around a rollback of the code. */
function afterCodeOnly({ testsSeen, issueOpen }: Done): readonly string[] {
  return [
    ...(testsSeen ? [] : ['Look whether the tests of the target release were green.']),
    'Turn the flags of the new features off, where there are any.',
    'Deploy the older code, then note it: "shiplock record deployed" from its checkout.',
    issueOpen ? 'Say in the issue what went wrong.' : 'Open an issue that says what went wrong, from which release to which.',
  ]
}

/** A name for a shell. */
export function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
