import type pg from 'pg'
import type { CatalogObject } from '../../../../backup/content.ts'
import { databaseQueries } from './database.ts'
import { relationQueries } from './relations.ts'
import { schemaQueries } from './schemas.ts'

/**
 * Everything that a dump holds besides data, in a fixed order: never by column order, which a restored copy may not
 * keep. Definitions are in the words of the server, which may change from one major version to the next.
 */
export async function readCatalog(client: pg.Client, serverMajor: number): Promise<CatalogObject[]> {
  const objects: CatalogObject[] = []
  for (const query of [...databaseQueries, ...schemaQueries, ...relationQueries]) {
    const { rows } = await client.query<CatalogObject>(query(serverMajor))
    objects.push(...rows)
  }
  return objects.sort(byKindAndName)
}

function byKindAndName(a: CatalogObject, b: CatalogObject): number {
  return compare(a.kind, b.kind) || compare(a.name, b.name)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
