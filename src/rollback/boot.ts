import { migrationsAtBoot } from '../lint/boot/boot-commands.ts'
import type { RepositoryFile } from '../lint/scope.ts'
import type { Layout } from '../migration/layout.ts'
import { positionFromUtf16 } from '../sql/position.ts'
import type { DecidedLine } from './decide.ts'

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
