import { ReleaseError } from '../../../errors.ts'
import type { SourceFile } from '../../migration.ts'

const byCommand = 'To have such files run by Flyway, use migrations.layout: command.'

/** Throws for what Flyway would run beyond our reading, and for a file that it would leave out without a word. */
export function refuseUnread({ name, path }: SourceFile): void {
  const last = name.split('/').at(-1) as string
  if (/\.sql\.conf$/i.test(last) && !name.includes('/')) return
  const [kind] = kinds.find(([, pattern]) => pattern.test(last)) ?? []
  if (kind !== undefined || name.includes('/')) {
    throw new ReleaseError(
      'unsupported-migration',
      `${path} is ${kind ?? 'in a folder of its own, which Flyway reads too'}; Shiplock does not run it.`,
      {
        at: path,
        hint: kind === undefined ? `Move it into the folder of migrations. ${byCommand}` : byCommand,
      },
    )
  }
  if (!/\.sql$/i.test(last)) return
  throw new ReleaseError('invalid-migration', `${path} would never run: Flyway leaves it out, since its name is none of a migration.`, {
    at: path,
    hint: 'Name it like V7__add_email.sql, V1.2__add_email.sql, U1.2__add_email.sql or R__totals.sql, or move it out of the folder.',
  })
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['a callback of Flyway', /^(?:before|after|create)[A-Z]\w*?(?:__.*)?\.(?:sql|ps1|bat|cmd|sh|bash|py|java|kt|class|groovy|scala)$/s],
  ['a baseline migration', /^B\d.*\.(?:sql|ps1|bat|cmd|sh|bash|py)$/is],
  ['a migration in Java or a language beside it', /^[VRUB](?:[\d_.]+|_)_.*\.(?:java|kt|class|groovy|scala)$/s],
  ['a script that Flyway starts', /^[VRUB][\d._]*__.*\.(?:ps1|bat|cmd|sh|bash|py)$/s],
]
