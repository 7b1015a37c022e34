import { countedEvidence, invalidMigration, type Layout } from '../layout.ts'
import type { Migration, Phase, SourceFile } from '../migration.ts'
import { markLine } from './marks.ts'
import { misplacedByName } from './name-order.ts'
import { refuseOtherProvider } from './prisma/provider.ts'
import { prismaLedger } from './prisma/version-table.ts'
import { filesByFolder, readSentWhole } from './whole-files.ts'

const providerFile = 'migration_lock.toml'

/** Prisma Migrate: a folder for each migration, `20260918120000_add_email`, with `migration.sql`. */
export const prisma: Layout = {
  name: 'prisma',
  nested: true,
  folderFile: providerFile,
  recognizes(files) {
    if (!files.some(({ name }) => name === providerFile)) return undefined // other tools write migration.sql too
    const all = files.filter(({ name }) => name.endsWith('/migration.sql'))
    const numbered = all.filter(({ name }) => versionOfFolder(folderOf(name)) !== undefined)
    return countedEvidence(numbered.length, all.length, `are migration.sql in a numbered folder, beside ${providerFile}`)
  },
  read: readPrisma,
  table: { schema: 'asked', table: '_prisma_migrations' },
  tellTale: { columns: ['migration_name', 'applied_steps_count', 'rolled_back_at'] },
  sharesTable: true,
  toleratesHoles: true,
  toleratesMissing: true,
  // PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK, for poolers, leaves the lock out
  writtenByTool: true,
  locks: () => ['72707369'],
  ledger: prismaLedger,
  outsideTransaction: '-- shiplock: no-transaction',
  down: { beside: (path) => path.replace(/migration(?=\.sql$)/, 'down') },
  numbersByTime: true,
  newFile: (name, _phase, version, hotfix) => ({ name: `${version}_${name}/migration.sql`, text: hotfix ? markLine('hotfix') : '' }),
}

function readPrisma(files: readonly SourceFile[], phase: Phase): Migration[] {
  for (const file of files) if (file.name === providerFile) refuseOtherProvider(file)
  const folders = filesByFolder(files.filter(({ name }) => name !== providerFile))
  const migrations = [...folders].map(([id, held]) => readMigration(id, held, phase))
  refuseOtherOrder(migrations)
  return migrations
}

function readMigration(id: string, held: ReadonlyMap<string, SourceFile>, phase: Phase): Migration {
  const [file, down] = [held.get('migration.sql'), held.get('down.sql')]
  const [some] = held.values()
  if (file === undefined)
    throw invalidMigration(
      some?.path ?? id,
      'stands in a folder without migration.sql; prisma stops at it',
      'Add migration.sql, or delete the folder.',
    )
  const version = versionOfFolder(id)
  if (version === undefined)
    throw invalidMigration(
      file.path,
      'has no version: the name of its folder does not start with a number and an underscore, and prisma would run it in the order of letters',
      'Name the folder like 20260918120000_add_email. Where it has run, change migration_name in _prisma_migrations with it.',
    )
  return { version, id, phase, keptName: id, ...readSentWhole({ file, down }, 'prisma') }
}

/** prisma sorts whole names as text: 10_b comes before 9_a there. */
function refuseOtherOrder(migrations: readonly Migration[]): void {
  const found = misplacedByName(migrations)
  if (found === undefined) return
  throw invalidMigration(
    found.migration.path,
    `stands behind ${found.before.id}, whose number is higher: prisma runs them in the order of their letters, not of their numbers`,
    'Write the numbers with as many digits; a folder that ran keeps its name in the table, so rename only what has not run.',
  )
}

function folderOf(name: string): string {
  return name.split('/')[0] as string
}

function versionOfFolder(folder: string): string | undefined {
  const digits = /^(\d{1,19})(?:_|$)/.exec(folder)?.[1]
  return digits === undefined ? undefined : String(BigInt(digits))
}
