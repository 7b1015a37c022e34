import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Store } from '../../backup/store.ts'
import { ReleaseError } from '../../errors.ts'
import type { DatabaseIdentity, Stamp } from '../../migration/identity.ts'
import { readStamp, writeStamp } from './history-entry.ts'

/** A stamp, and where it lies. */
export interface PlacedStamp {
  readonly project: string
  readonly environment: string
  readonly number: number
  readonly stamp: Stamp
  readonly stampedAt: Date
}

/** Stamps in a store: numbered for each environment of a project, and of each the newest counts. */
export class StoredStamps {
  readonly #store: Store
  readonly #read = new Map<string, Pick<PlacedStamp, 'stamp' | 'stampedAt'>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** The one that counts in each environment of one project, or of all. */
  async newest(project?: string): Promise<readonly PlacedStamp[]> {
    const newest = new Map<string, { key: string; project: string; environment: string; number: number }>()
    for (const { key } of await this.#store.list(project === undefined ? '' : `${project}/history/`)) {
      const [, owner, environment, digits] = /^([^/]+)\/history\/([^/]+)\/stamp-(\d{6})\.json$/.exec(key) ?? []
      if (owner === undefined || environment === undefined) continue
      newest.set(`${owner}/${environment}`, { key, project: owner, environment, number: Number(digits) })
    }
    return Promise.all([...newest.values()].map(async ({ key, ...place }) => ({ ...place, ...(await this.#readOne(key)) })))
  }

  /** False when somebody else has put one there. */
  async put({ project, environment, number, stamp, stampedAt }: PlacedStamp): Promise<boolean> {
    const key = `${project}/history/${environment}/stamp-${String(number).padStart(6, '0')}.json`
    try {
      await this.#store.put(key, Readable.from([writeStamp({ ...stamp, stampedAt })]), AbortSignal.any([]))
      return true
    } catch (error) {
      if (error instanceof ReleaseError && error.code === 'backup-exists') return false
      throw error
    }
  }

  async #readOne(key: string): Promise<Pick<PlacedStamp, 'stamp' | 'stampedAt'>> {
    const known = this.#read.get(key)
    if (known !== undefined) return known
    const { stampedAt, id, environment, systemIdentifier, databaseOid, address } = readStamp(await text(await this.#store.get(key)), key)
    const one = { stampedAt, stamp: { id, environment, systemIdentifier, databaseOid, address } }
    this.#read.set(key, one)
    return one
  }
}

export function isStampOf({ systemIdentifier, databaseOid, address }: Stamp, here: DatabaseIdentity): boolean {
  const sameCluster = systemIdentifier === undefined || here.systemIdentifier === undefined || systemIdentifier === here.systemIdentifier
  return sameCluster && databaseOid === here.databaseOid && address === here.address
}
