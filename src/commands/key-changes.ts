import { messageOf } from '../errors.ts'
import { changesOfKeys, type KeyChanges } from '../gate/config/changes.ts'
import { keysOf } from '../gate/config/keys.ts'
import type { InputValues } from '../inputs.ts'
import type { HistoryRow } from '../migration/history.ts'
import { liveRelease } from '../rollback/present.ts'
import type { Context } from './command.ts'

export const keyInputNames = ['config-template', 'config-aliases'] as const

/** What an approval should see of the configuration: keys that are not as the live release has them. Nothing where no template was named. */
export interface ChangedKeys {
  readonly keys?: { readonly since: string } & KeyChanges
  /** Why they are not known. */
  readonly keysProblem?: string
}

/** Compares the templates of the checkout with those of the live release. Throws nothing that a plan would have to fail for. */
export async function changedKeys(
  history: readonly HistoryRow[],
  { 'config-template': globs, 'config-aliases': aliases }: Pick<InputValues, (typeof keyInputNames)[number]>,
  context: Context,
): Promise<ChangedKeys> {
  if (globs === undefined) return {}
  const live = liveRelease(history)
  if (live === undefined) return { keysProblem: 'the history does not tell which release is live' }
  if (live.commit === undefined) return { keysProblem: `the history does not tell which commit ${live.release} is` }
  try {
    const commit = await context.gitCommit(live.commit)
    if (commit === undefined) {
      return { keysProblem: `git does not know ${live.release} (${live.commit.slice(0, 12)}) here; actions/checkout needs fetch-depth: 0` }
    }
    const { contractsAt, contractsOfRelease } = await import('./config-release.ts') // many projects name no template
    const release = await contractsOfRelease({ 'config-template': globs, 'config-command': undefined }, context)
    const changes = changesOfKeys(keysOf(await contractsAt(commit, globs, context), aliases), keysOf(release, aliases))
    return { keys: { since: live.release, ...changes } }
  } catch (error) {
    context.signal.throwIfAborted()
    return { keysProblem: messageOf(error).replace(/\.$/, '') }
  }
}
