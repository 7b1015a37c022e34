import { migrationsAtBoot } from '../lint/boot/boot-commands.ts'
import type { RepositoryFile } from '../lint/scope.ts'
import type { Layout } from '../migration/layout.ts'
import { byVersion, isRepeatable, lineageOf } from '../migration/migration.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import type { DecidedLine } from './decide.ts'

interface Versioned {
  readonly version: string
}

/** Whether the tool of older code goes on when these have run and it has no file of theirs. */
export function bearsMissing(
  { toleratesMissing }: Pick<Layout, 'toleratesMissing'>,
  since: readonly Versioned[],
  target: readonly Versioned[],
): boolean {
  if (toleratesMissing !== 'newer') return toleratesMissing
  const known = new Set(target.map(({ version }) => lineageOf(version)))
  const newest = target
    .filter((one) => !isRepeatable(one))
    .toSorted(byVersion)
    .at(-1)
  return since.every(
    (one) => known.has(lineageOf(one.version)) || (!isRepeatable(one) && (newest === undefined || byVersion(one, newest) > 0)),
  )
}

/** Where the older code would fail when it starts, since its tool refuses what has run since; `undefined` where it would not. */
export function refusedAtBoot(
  { name, toleratesMissing }: Pick<Layout, 'name' | 'toleratesMissing'>,
  files: readonly RepositoryFile[],
): DecidedLine | undefined {
  if (toleratesMissing === true) return undefined
  // Shiplock itself goes on where the table is ahead of the files
  const found = migrationsAtBoot(files).filter(({ tool }) => tool !== 'shiplock')
  const first = found.find(({ when }) => when === 'start') ?? found[0]
  if (first === undefined) return undefined
  const { path, offset, command, place, when } = first
  const text = files.find((file) => file.path === path)?.text ?? ''
  const what = toleratesMissing === 'newer' ? 'holds what it has no file of' : 'is newer than its files'
  const refuses = `${name} refuses a version table that ${what}`
  return {
    migration: undefined,
    path,
    start: positionFromUtf16(text, offset),
    statement: command,
    by: 'rules',
    data: { kind: 'lossless' },
    ...(when === 'start'
      ? { effect: 'breaks-start', because: `${place} starts "${command}" at boot; ${refuses}.` }
      : {
          effect: 'unknown',
          because: `${place} runs "${command}" beside the deploy; ${refuses}, and whether the older code comes up without it is not known.`,
        }),
  }
}
