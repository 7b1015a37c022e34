import type { Migration } from '../migration/migration.ts'
import { newOnSubscribers, type Publishing, publishedRefusal } from '../migration/publishing.ts'
import { additionsOf } from '../sql/additions.ts'
import { statementsOf } from '../sql/parsed-text.ts'

/** What logical replication has to do with the next run. */
export interface Replication {
  readonly notes: readonly string[]
  /** What makes Shiplock's own tables on subscribers, when a run would be refused without it. */
  readonly subscriberSql: readonly string[]
}

export async function replicationOf(publishing: Publishing, allowed: boolean, pending: readonly Migration[]): Promise<Replication> {
  const additions = publishing.takingNew.length === 0 ? [] : (await Promise.all(pending.map(additionsIn))).flat()
  const notes = [newOnSubscribers(publishing, additions)].filter((note) => note !== undefined)
  const refusal = publishedRefusal(publishing, allowed)
  if (refusal === undefined) return { notes, subscriberSql: [] }
  const ways = `Run the SQL above there and set publish-state: true${publishing.state.length === 0 ? '' : ', or set history: store'}.`
  return { notes: [`migrate would refuse: ${refusal.message} ${ways}`, ...notes], subscriberSql: publishing.subscriberSql }
}

async function additionsIn({ up }: Migration): Promise<readonly string[]> {
  const parsed = await statementsOf(up)
  return 'problem' in parsed ? [] : parsed.statements.flatMap(additionsOf)
}
