import { relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import { type PlanContract, planDigest } from '../gate/digest.ts'
import { usualPostFolders } from '../home-folders.ts'
import type { InputValues } from '../inputs.ts'
import { collectEach, collectMigrations, type MigrationFolders, type ReadFolders } from '../migration/collect.ts'
import type { LedgerOptions, MigrationDatabase } from '../migration/database.ts'
import { type History, ranBefore } from '../migration/history.ts'
import type { Stamp } from '../migration/identity.ts'
import { checkStamp } from '../migration/identity.ts'
import type { Layout } from '../migration/layout.ts'
import type { Migration, Phase } from '../migration/migration.ts'
import { placeIn } from '../migration/migration.ts'
import { numberedPaths } from '../migration/migration-path.ts'
import { comparePhases, type PhasePlans, type PlanEvidence, type PlanPolicy } from '../migration/plan.ts'
import { prepareScript, type Script, syntaxError } from '../migration/script.ts'
import { refuseElsewhere } from '../migration/state.ts'
import { commandFor, hasNoFiles, migrationWay, teamCommandOf } from '../migration/team-command.ts'
import { refuseOtherTarget } from '../migration/team-environment.ts'
import { backupRequirementNames, requirementPolicy } from './backup-requirement.ts'
import type { Context } from './command.ts'
import { databaseInputNames } from './database-inputs.ts'
import { drillPolicy, drillRequirementNames } from './drill-requirement.ts'
import { refuseOtherTool } from './other-tool.ts'
import { refuseSettings, refuseUnsigned, type SettingsInputs } from './tool-settings.ts'

/** Where the migrations lie, and the version table that says which of them ran. */
export const folderInputNames = [
  'layout',
  'migrate-command',
  'migrate-command-post',
  'migrations',
  'migrations-post',
  'migrations-table',
] as const

/** The inputs of every command that compares files and ledger. */
export const migrationInputNames = [
  ...databaseInputNames,
  'publish-state',
  ...folderInputNames,
  'out-of-order',
  'allow-unphased',
  'max-post-debt',
  'stall-budget',
  'max-post-debt-count',
  'allow-older',
  'lock-budget',
  ...backupRequirementNames,
  ...drillRequirementNames,
] as const

type Given = Pick<InputValues, (typeof migrationInputNames)[number]>

/** Files, ledger and history, side by side: what `plan`, `migrate` and `record` decide from. */
export interface MigrationState {
  readonly ledger: LedgerOptions
  readonly evidence: PlanEvidence
  readonly plans: PhasePlans
  readonly policy: PlanPolicy
  /** Whether a run has been here before. */
  readonly stamped: boolean
  /** What an approval of these migrations covers. */
  contract(phase: string, run: readonly Migration[]): PlanContract
  digest(phase: string, run: readonly Migration[]): string
}

type FolderInputs = Pick<InputValues, 'migrations' | 'migrations-post' | 'layout' | 'migrate-command' | 'migrate-command-post'>

/** Reads the migrations of both folders. Throws `invalid-input` for the layout command, which has none that Shiplock reads. */
export async function readMigrations(inputs: FolderInputs & SettingsInputs, context: Context): Promise<ReadFolders> {
  const { folders, layout } = await readFolders(inputs, context)
  const read = collectMigrations(folders, layout, context.variables)
  await refuseUnsigned(read, inputs, context)
  await refuseSettings(read, inputs, context)
  return read
}

/** The same for whoever reports on every file: one that is malformed is refused by itself. */
export async function readEachMigration(inputs: FolderInputs, context: Context) {
  const { folders, layout } = await readFolders(inputs, context)
  const read = collectEach(folders, layout, context.variables)
  await refuseUnsigned(read, inputs, context)
  return read
}

async function readFolders(
  inputs: FolderInputs,
  context: Context,
): Promise<{ folders: MigrationFolders; layout: Layout['name'] | undefined }> {
  const way = migrationWay(inputs)
  if (way.kind === 'command') throw hasNoFiles()
  const [pre, post] = [inputs.migrations, inputs['migrations-post']]
  const folder = async (path: string) => ({ path: shown(path, context), files: await context.readFolder(path, 'nested') })
  const folders = { pre: await folder(pre), post: { ...(await folder(post)), named: !usualPostFolders.includes(shown(post, context)) } }
  return { folders, layout: way.layout }
}

export function ledgerOptions(
  inputs: Pick<InputValues, 'migrations-table' | 'publish-state'>,
  { layout, migrations }: { layout: Layout; migrations: readonly Migration[] },
  { project, environment, release }: Context,
  history: History = { rows: [], former: [] },
): LedgerOptions {
  const hasPost = migrations.some(({ phase }) => phase === 'post')
  const versions = layout.keepsNewest || layout.hasBaseline ? [...migrations, ...ranBefore(history)] : []
  return {
    layout,
    versions,
    table: inputs['migrations-table'],
    hasPost,
    project,
    environment,
    release,
    publishState: inputs['publish-state'],
  }
}

/**
 * Reads ledger and history and compares them with the files. Throws for states that no phase may run on. What an earlier
 * look of the same run asked of other tools is not asked again.
 */
export async function readState(
  inputs: Given,
  read: Pick<ReadFolders, 'layout' | 'migrations' | 'shownBy'>,
  database: MigrationDatabase,
  context: Context,
  earlier?: MigrationState,
): Promise<MigrationState> {
  const { runBy } = read.layout
  if (runBy !== undefined) refuseOtherDatabase(inputs, context)
  const stamp = await checkIdentity(database, context)
  const history = await database.state.history()
  const ledger = ledgerOptions(inputs, read, context, history)
  const entries = await database.entries(ledger)
  if (entries.length === 0 && earlier === undefined)
    await refuseOtherTool(read, inputs['migrations-table'], database, { log: context.log, stamp, history })
  const evidence: PlanEvidence = {
    migrations: read.migrations,
    entries,
    history,
    keepsNewest: read.layout.keepsNewest === true,
    gitVersions: () => gitVersions([inputs.migrations, inputs['migrations-post']], context),
    now: context.clock.now(),
  }
  const policy: PlanPolicy = {
    outOfOrder: inputs['out-of-order'],
    allowUnphased: inputs['allow-unphased'],
    maxPostDebtMs: inputs['max-post-debt'],
    maxPostDebtCount: inputs['max-post-debt-count'],
  }
  const tables = await database.heads(ledger)
  const contract = (phase: string, run: readonly Migration[]): PlanContract => ({
    environment: context.environment,
    phase,
    layout: read.layout.name,
    folders: [inputs.migrations, inputs['migrations-post']].map((path) => shown(path, context)),
    tables,
    stamp: stamp?.id ?? null,
    migrations: run,
    ...(runBy === undefined ? {} : { command: commandFor(teamCommandOf(inputs, runBy), phase as Phase | 'all') }),
    policy: {
      'lock-budget': inputs['lock-budget'],
      'allow-unphased': inputs['allow-unphased'],
      'allow-older': inputs['allow-older'] !== undefined,
      ...requirementPolicy(inputs),
      ...drillPolicy(inputs),
    },
  })
  return {
    ledger,
    evidence,
    policy,
    stamped: stamp !== undefined,
    plans: await comparePhases(evidence, policy),
    contract,
    digest: (phase, run) => planDigest(contract(phase, run)),
  }
}

/** Throws `wrong-database` when the team's program would migrate another database than this one. */
export function refuseOtherDatabase(inputs: Pick<InputValues, 'database-url'>, { variables, log }: Context): void {
  if (refuseOtherTarget(variables.DATABASE_URL, inputs['database-url'])) return
  log.warn('DATABASE_URL in the environment is of a form that cannot be compared: see to it that it names this database')
}

/** Throws `wrong-database`, `wrong-project` or `history-elsewhere`: whatever comes next would be filed or run under another name. */
export async function checkIdentity(database: MigrationDatabase, context: Context): Promise<Stamp | undefined> {
  refuseElsewhere(await database.stateElsewhere(), database.state)
  const stamp = await database.state.stamp()
  refuseOtherProject(context.projectGiven ? [] : await database.state.projects(), context)
  checkStamp(stamp, database.identity, context.environment)
  return stamp
}

/** The name of a folder is a poor identity: a checkout under another name would run everything again. */
export function refuseOtherProject(projects: readonly string[], { project, projectGiven }: Context): void {
  if (projectGiven || projects.length === 0 || projects.includes(project)) return
  throw new ReleaseError(
    'wrong-project',
    `This database has the history of ${projects.join(', ')}, and none of ${project}, which is only the name of this checkout.`,
    {
      hint: 'Set project in shiplock.yml (or --project): to that name when this is the same service, to a new one when another service shares the database.',
    },
  )
}

/** Splits each migration, and asks the server about texts that the parser does not read. Nothing is run. */
export async function prepareScripts(
  migrations: readonly Migration[],
  database: MigrationDatabase,
  layout: Layout,
): Promise<readonly Script[]> {
  const scripts: Script[] = []
  for (const migration of migrations) {
    const script = await prepareScript(migration, database.serverMajor, layout)
    if (script.unparsed !== undefined) {
      const problem = await database.syntaxProblem(migration.up.text)
      if (problem !== undefined) throw syntaxError(placeIn(migration, migration.up, problem.offset), problem.message)
    }
    scripts.push(script)
  }
  return scripts
}

async function gitVersions(folders: readonly string[], context: Context): Promise<ReadonlySet<string>> {
  const paths = (await Promise.all(folders.map((folder) => context.gitPaths(folder)))).flat()
  return new Set(numberedPaths(paths).map(({ version }) => version))
}

function shown(path: string, context: Context): string {
  return relative(context.baseDir, path) || '.'
}
