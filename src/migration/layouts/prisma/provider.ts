import { parse } from 'smol-toml'
import { ReleaseError } from '../../../errors.ts'
import { textOf } from '../../layout.ts'
import type { SourceFile } from '../../migration.ts'

/** Throws where `migration_lock.toml` names another database than PostgreSQL, by the one word that prisma takes for it. */
export function refuseOtherProvider(file: SourceFile): void {
  const provider = providerOf(file)
  if (provider === 'postgresql') return
  const problem = typeof provider === 'string' ? `says that these migrations are for ${JSON.stringify(provider)}` : 'names no provider'
  throw new ReleaseError('unsupported-migration', `${file.path} ${problem}; prisma stops at it too, and Shiplock runs PostgreSQL.`, {
    at: file.path,
    hint: 'Restore the file from version control: prisma itself writes provider = "postgresql" there.',
  })
}

function providerOf(file: SourceFile): unknown {
  const text = textOf(file)
  try {
    return parse(text).provider
  } catch {
    return undefined
  }
}
