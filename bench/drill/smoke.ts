import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What somebody would ask of a shop after a restore: rows by their key, and sums over a whole table. */
const queries = `-- expect: value = 1
select count(*) from accounts where id = 4711;

-- expect: value = 0
select count(*) from accounts where balance <> 0;

-- expect: value > 0
select count(*) from texts where body like 'order 4711 of customer %';

-- expect: rows > 0
select accounts.id, texts.body from accounts join texts using (id) where accounts.id between 100 and 200;
`

/** One file, which psql and Shiplock run alike. */
export async function writeSmokeFile(folder: string): Promise<string> {
  const file = join(folder, 'smoke.sql')
  await writeFile(file, queries)
  return file
}
