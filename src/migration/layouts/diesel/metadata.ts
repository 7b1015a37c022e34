import { parse } from 'smol-toml'
import { ReleaseError } from '../../../errors.ts'
import { textOf } from '../../layout.ts'
import type { SourceFile } from '../../migration.ts'

/**
 * What `metadata.toml` says, as diesel reads it: without the file a migration runs in a transaction, and with a file that
 * does not name `run_in_transaction` outside of one. Throws where diesel would take the file for missing.
 */
export function runsInTransaction(file: SourceFile | undefined): boolean {
  if (file === undefined) return true
  const { run_in_transaction: value = false } = parsed(file)
  if (typeof value === 'boolean') return value
  throw unread(file)
}

function parsed(file: SourceFile): Record<string, unknown> {
  try {
    return parse(textOf(file))
  } catch (cause) {
    throw cause instanceof ReleaseError ? cause : unread(file, cause)
  }
}

function unread(file: SourceFile, cause?: unknown): ReleaseError {
  return new ReleaseError(
    'invalid-migration',
    `${file.path} cannot be read; diesel would go on as if it were not there, in a transaction.`,
    {
      at: file.path,
      hint: 'Write "run_in_transaction = false" into it, or delete it.',
      cause,
    },
  )
}
