import picomatch from 'picomatch'
import { ReleaseError } from '../errors.ts'
import type { AskedQuery } from '../rollback/evidence.ts'
import type { Target } from '../rollback/present.ts'
import { readQueries, type TargetQuery, type UnreadQueries } from '../rollback/queries.ts'
import { formatCount, plural } from '../units.ts'
import type { Context, DatabaseInputs } from './command.ts'

interface Evidence {
  readonly asked: readonly AskedQuery[]
  readonly unread: readonly UnreadQueries[]
  readonly summary: { readonly files: number; readonly count: number; readonly failed: number; readonly notTried: number }
  readonly notes: readonly string[]
}

/** The queries of the target release, and what the server says of each; `undefined` when none were named. Throws `invalid-input` when the globs find nothing. */
export async function askQueries(
  { name, commit }: Target,
  globs: readonly string[] | undefined,
  database: DatabaseInputs,
  context: Context,
): Promise<Evidence | undefined> {
  if (globs === undefined || globs.length === 0) return undefined
  const files = await context.gitFiles(commit, picomatch([...globs], { dot: true }))
  const queries: TargetQuery[] = []
  const unread: UnreadQueries[] = []
  for (const file of files) {
    const read = await readQueries(file)
    queries.push(...read.queries)
    unread.push(...read.unread)
  }
  if (queries.length === 0 && unread.length === 0) {
    throw new ReleaseError('invalid-input', `queries finds no query in the files of ${name}: ${globs.join(', ')}.`, {
      hint: 'Globs count from the folder of shiplock.yml, such as db/queries/**/*.sql, and look at the files as that release had them. Without queries the rules decide alone.',
    })
  }
  context.log.info(
    `asking the server to prepare ${queries.length === 1 ? '1 query' : `${formatCount(queries.length)} queries`} of ${name}; nothing is executed`,
  )
  const answers = await context.prepareQueries(
    database,
    queries.map(({ sql }) => sql),
  )
  const asked = queries.map(
    (query, index): AskedQuery => ({ query, answer: answers[index] ?? { state: 'not-tried', because: 'no answer came' } }),
  )
  const notTried = asked.flatMap(({ query, answer }) =>
    answer.state === 'not-tried' ? [`${query.name} in ${query.path} was not prepared: ${answer.because}.`] : [],
  )
  const failed = asked.filter(({ answer }) => answer.state === 'failed').length
  return {
    asked,
    unread,
    summary: { files: files.length, count: queries.length, failed, notTried: notTried.length },
    notes: [
      `${plural(queries.length - failed - notTried.length, 'statement')} of ${name} can be prepared. Whether rights, values and triggers let them run, preparing does not show.`,
      ...notTried,
    ],
  }
}
