import { ReleaseError } from '../../../errors.ts'
import type { SourceFile } from '../../migration.ts'

/** Throws where `migration_lock.toml` names another database than PostgreSQL, by the one word that prisma takes for it. */
export function refuseOtherProvider(file: SourceFile): void {
  const provider = providerOf(file)
  if (provider === 'postgresql') return
  const problem =
    provider === undefined
      ? 'names no provider as prisma reads it, at the start of a line'
      : `says that these migrations are for ${JSON.stringify(provider)}`
  throw new ReleaseError('unsupported-migration', `${file.path} ${problem}; prisma stops at it too, and Shiplock runs PostgreSQL.`, {
    at: file.path,
    hint: 'Restore the file from version control: prisma itself writes provider = "postgresql" there.',
  })
}

/** What stands behind the first "provider = " at the start of a line, which is how prisma reads the file; TOML allows more. */
function providerOf({ bytes }: SourceFile): string | undefined {
  const [, written = ''] = /^provider = (.*?)\r?$/m.exec(Buffer.from(bytes).toString()) ?? []
  return (/^"(.*)"$/.exec(written)?.[1] ?? written) || undefined
}
