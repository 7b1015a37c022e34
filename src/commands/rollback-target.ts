import { relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import type { InputValues } from '../inputs.ts'
import { collectMigrations, readOwn } from '../migration/collect.ts'
import type { Layout } from '../migration/layout.ts'
import { isFileOf, lineageOf, type Migration, type SourceFile, shownVersion } from '../migration/migration.ts'
import { versionOfPath } from '../migration/migration-path.ts'
import { migrationWay } from '../migration/team-command.ts'
import { quoted } from '../rollback/hotfix.ts'
import type { Target } from '../rollback/present.ts'
import type { RanSince } from '../rollback/since.ts'
import type { Context } from './command.ts'

export type Folders = Pick<InputValues, 'migrations' | 'migrations-post' | 'layout' | 'migrate-command' | 'migrate-command-post'>

/** The commit of the release that comes back. Throws `unknown-target`. */
export async function findTarget(name: string, context: Context): Promise<Target> {
  const commit = await context.gitCommit(name)
  if (commit !== undefined) return { name, commit }
  const depth = await context.gitDepth()
  throw new ReleaseError('unknown-target', `git knows no tag and no commit ${JSON.stringify(name)} here.`, {
    hint:
      depth === 'none'
        ? 'Run it in a checkout of the repository: the files of the older release are read from git.'
        : depth === 'shallow'
          ? 'This clone is cut off. In the workflow set fetch-depth: 0 and fetch-tags: true for actions/checkout; by hand: git fetch --unshallow --tags.'
          : 'Check its spelling, and fetch the tags: git fetch --tags.',
  })
}

/** The migrations of both folders as the commit has them. */
export async function migrationsAt(
  { name, commit }: Target,
  inputs: Folders,
  context: Context,
): Promise<{ layout: Layout; migrations: readonly Migration[] }> {
  const way = migrationWay(inputs)
  if (way.kind === 'command') {
    throw new ReleaseError(
      'invalid-input',
      'With the layout command Shiplock reads no migration files, and cannot say what the older code meets.',
      {
        hint: 'Decide by hand: docs/rollback.md has the questions. "shiplock backup" and "shiplock restore-drill" work with every layout.',
      },
    )
  }
  const [pre, post] = [inputs.migrations, inputs['migrations-post']]
  const folder = async (path: string) => ({
    path: `${relative(context.baseDir, path) || '.'} at ${name}`,
    files: await context.gitFolder(commit, path, 'nested'),
  })
  const folders = { pre: await folder(pre), post: { ...(await folder(post)), named: false } }
  try {
    return collectMigrations(folders, way.layout, context.variables)
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'migrations-not-found') throw error
    throw new ReleaseError(error.code, error.message, {
      hint: `Name the folder as ${name} has it, with --migrations and --migrations-post, where it was renamed since: "git ls-tree -r --name-only ${quoted(name)}" lists what is there.`,
    })
  }
}

/** The text of each version that ran since: of the checkout, else of a commit that the history names, else of any that git knows. */
export async function textsOf(
  since: readonly RanSince[],
  layout: Layout,
  inputs: Folders,
  context: Context,
): Promise<{ found: readonly Migration[]; lost: readonly RanSince[] }> {
  const found: Migration[] = []
  const lost: RanSince[] = []
  const checkout = await filesOfCheckout(layout, inputs, context)
  const atCommit = new Map<string, readonly Migration[]>()
  const migrationsOf = async (commit: string) => {
    const known = atCommit.get(commit) ?? (await readBoth((path) => context.gitFolder(commit, path, 'nested'), layout, inputs, context))
    atCommit.set(commit, known)
    return known
  }
  for (const ran of since) {
    let text = match(ran, checkout)
    for (const name of text === undefined ? ran.commits : []) {
      const commit = await context.gitCommit(name)
      text ??= commit === undefined ? undefined : match(ran, await migrationsOf(commit))
    }
    for (const commit of text === undefined ? await commitsHolding(ran, inputs, context) : [])
      text ??= match(ran, await migrationsOf(commit))
    if (text === undefined) lost.push(ran)
    else found.push({ ...text, version: ran.version, phase: ran.phase })
  }
  return { found, lost }
}

/** A migration as a release of git has it. */
export interface ReleasedText {
  readonly migration: Migration
  readonly commit: string
}

/**
 * The migration that ran, from a release that contains it, the last first, and never from the working folder: what stands
 * there may be newer than what ran. Throws `checksum-mismatch` or `down-not-found`.
 */
export async function releasedText(ran: RanSince, layout: Layout, inputs: Folders, context: Context): Promise<ReleasedText> {
  const { version, name, checksum } = ran
  let other: string | undefined
  const named = (await Promise.all(ran.commits.map((commit) => context.gitCommit(commit)))).filter((commit) => commit !== undefined)
  for (const commit of new Set([...named, ...(await commitsHolding(ran, inputs, context))])) {
    const migrations = await readBoth((path) => context.gitFolder(commit, path, 'nested'), layout, inputs, context)
    const text = checksum === undefined ? undefined : match(ran, migrations)
    if (text !== undefined) return { migration: { ...text, version, phase: ran.phase }, commit }
    other ??= migrations.find((one) => one.version === version)?.path
  }
  const which = name ?? `version ${shownVersion(version)}`
  if (checksum !== undefined && other !== undefined) {
    throw new ReleaseError(
      'checksum-mismatch',
      `${other} is in no release as it ran here: its checksum is another in all that git knows.`,
      {
        at: other,
        hint: 'The way back of another text may not fit. Fetch the branch that ran it (git fetch --all --tags), or ship a hotfix.',
      },
    )
  }
  const because = checksum === undefined ? 'nothing kept the checksum of what ran' : 'no release that git knows here holds it'
  throw new ReleaseError('down-not-found', `The way back of ${which} cannot be trusted: ${because}.`, {
    hint: 'Fetch the whole history and the tags (fetch-depth: 0). Where the text is lost, ship a hotfix: "shiplock rollback --shape hotfix".',
  })
}

/** The file of a number; where the checksum of what ran is known, only that very file counts. */
function match({ version, checksum }: RanSince, migrations: readonly Migration[]): Migration | undefined {
  if (checksum !== undefined)
    return migrations.find((one) => isFileOf(one, checksum) && (one.kept === undefined || one.version === version))
  return migrations.find((one) => one.version === version)
}

async function commitsHolding({ version }: RanSince, inputs: Folders, context: Context): Promise<readonly string[]> {
  const paths = (await Promise.all([inputs.migrations, inputs['migrations-post']].map((path) => context.gitPaths(path)))).flat()
  const commits: string[] = []
  for (const path of paths) {
    if (versionOfPath(path) === lineageOf(version)) commits.push(...(await context.gitCommitsWith(path)))
  }
  return commits
}

/** Where the table keeps the newest version alone, the files of this checkout say what else has run. */
export async function filesHere(layout: Layout, inputs: Folders, context: Context): Promise<readonly Migration[]> {
  return layout.keepsNewest || layout.hasBaseline ? filesOfCheckout(layout, inputs, context) : []
}

export function filesOfCheckout(layout: Layout, inputs: Folders, context: Context): Promise<readonly Migration[]> {
  return readBoth((path) => context.readFolder(path, 'nested'), layout, inputs, context)
}

/** What the layout accepts of both folders; nothing where it does not read them. */
async function readBoth(
  read: (path: string) => Promise<readonly SourceFile[] | undefined>,
  layout: Layout,
  inputs: Folders,
  context: Context,
): Promise<readonly Migration[]> {
  const migrations: Migration[] = []
  for (const phase of ['pre', 'post'] as const) {
    const files = (await read(phase === 'pre' ? inputs.migrations : inputs['migrations-post'])) ?? []
    try {
      migrations.push(...readOwn(layout, files, phase, context.variables))
    } catch (error) {
      if (!(error instanceof ReleaseError)) throw error
    }
  }
  return migrations
}
