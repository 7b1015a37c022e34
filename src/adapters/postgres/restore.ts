import { join } from 'node:path'
import { type EditedContents, type Existing, editContents } from '../../drill/contents.ts'
import { runChild } from '../process.ts'
import { type OpenedArchive, type Reading, writeList } from './open-archive.ts'
import { restoreFailure } from './restore-failure.ts'

export interface RestoreOptions extends Reading {
  /** Where and as whom to connect, as libpq reads it, once something is restored. */
  readonly target: () => Readonly<Record<string, string>>
  readonly database: string
  readonly jobs: number
  /** Whether what is restored belongs to the roles that it belonged to, which must exist. */
  readonly withOwners: boolean
}

/** What is restored at a time: a section, or entries of it that have their own moment. */
type Part = 'schemas' | 'pre-data' | 'data' | 'post-data' | 'grants' | 'refreshes'

/** An archive that a plain role can restore, one part after the other. */
export interface PreparedArchive {
  readonly contents: EditedContents
  /** Throws `restore-failed`. */
  restore(part: Part, signal: AbortSignal): Promise<void>
}

/** Edits the table of contents of an opened archive. */
export async function prepareArchive(
  { file, listing, definitions }: OpenedArchive,
  existing: Existing,
  options: RestoreOptions,
): Promise<PreparedArchive> {
  const contents = editContents(listing, definitions, existing)
  const { schemas, objects, grants, refreshes } = contents
  const parts: Record<Part, { list: string; section?: string }> = {
    schemas: { list: schemas },
    'pre-data': { list: objects, section: 'pre-data' },
    data: { list: objects, section: 'data' },
    'post-data': { list: objects, section: 'post-data' },
    grants: { list: grants },
    refreshes: { list: refreshes },
  }
  return {
    contents,
    async restore(part, signal) {
      const { list, section } = parts[part]
      if (list === '') return
      const args = [
        `--dbname=${options.database}`,
        ...(section === undefined ? [] : [`--section=${section}`]),
        `--use-list=${await writeList('contents.list', list, options)}`,
        `--jobs=${options.jobs}`,
        ...plainly(options),
        file,
      ]
      const { tools, account, folder } = options
      const env = { ...options.env, ...options.target() }
      const run = await runChild(join(tools.binDir, 'pg_restore'), args, { env, user: account, cwd: folder, signal })
      signal.throwIfAborted()
      if (run.exitCode !== 0) throw restoreFailure(`${part} did not load`, run.stderr)
    },
  }
}

/** What a plain role without the source's rights, disks and publications can restore; nothing is passed over silently. */
function plainly({ tools, withOwners }: RestoreOptions): string[] {
  const options = [
    '--exit-on-error',
    ...(withOwners ? [] : ['--no-owner']),
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    '--no-tablespaces',
  ]
  return tools.major >= 18 ? [...options, '--no-statistics'] : options
}
