import { text } from 'node:stream/consumers'
import type { Store, StoredObject } from '../backup/store.ts'
import type { PlanContract } from './digest.ts'
import { contractIn } from './kept-contract.ts'

interface RecordScope {
  readonly project: string
  readonly environment: string
  readonly commit: string
}

/** A commit is planned a few times, not more. */
const mostRecords = 50
const largestBytes = 16 * 1024 * 1024

/** The contract with this digest in the records that `plan` kept of a commit, the newest first. Throws what the store throws. */
export async function recordedContract(
  store: Pick<Store, 'list' | 'get'>,
  { project, environment, commit }: RecordScope,
  digest: string,
): Promise<PlanContract | undefined> {
  const records = (await store.list(`${project}/records/${commit}/${environment}/`)).filter(isPlan).toReversed().slice(0, mostRecords)
  for (const { key } of records) {
    const contract = contractIn(await text(await store.get(key)), digest)
    if (contract !== undefined) return contract
  }
  return undefined
}

function isPlan({ key, sizeBytes }: StoredObject): boolean {
  return /\/\d{8}T\d{6}Z-plan-[^/]*\.json$/.test(key) && sizeBytes <= largestBytes
}
