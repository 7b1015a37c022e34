import { parseSmokeFile, type SmokeQuery } from '../drill/smoke.ts'
import { ReleaseError } from '../errors.ts'
import { textOf } from '../migration/layout.ts'
import type { Context } from './command.ts'

/** The queries of every `*.sql` in a folder, in the order of their names; every mistake in them is known before anything is fetched. */
export async function readSmokeQueries(folder: string | undefined, { readFolder }: Context): Promise<readonly SmokeQuery[] | undefined> {
  if (folder === undefined) return undefined
  const files = await readFolder(folder)
  if (files === undefined) {
    throw new ReleaseError('unreadable-file', `The folder of smoke queries ${folder} does not exist.`, { hint: 'Check the input smoke.' })
  }
  const queries: SmokeQuery[] = []
  for (const file of files.filter(({ name }) => name.endsWith('.sql'))) queries.push(...(await parseSmokeFile(file.path, textOf(file))))
  if (queries.length === 0) {
    throw new ReleaseError('invalid-smoke-query', `${folder} holds no *.sql file.`, { hint: 'Check the input smoke.' })
  }
  return queries
}
