import { makeProject, type Project, shiplock } from '../program.ts'
import { type TestServer, uniqueName } from './server.ts'

const projects: Project[] = []

/** A fresh database and a checkout beside it. */
export async function makeRelease(server: TestServer, files: Readonly<Record<string, string>>) {
  const database = uniqueName('shop')
  const url = await server.createDatabase(database)
  const project = await makeProject(files)
  projects.push(project)
  const env = { DATABASE_URL: url }
  return {
    project,
    env,
    database,
    run: (...args: string[]) => shiplock([...args, '--project', 'shop'], { cwd: project.dir, env }),
    query: <Row = Record<string, unknown>>(sql: string) => server.query<Row>(sql, database),
    versions: async () =>
      (await server.query<{ version: string }>('select version from shiplock.ledger order by version::numeric', database)).map(
        (row) => row.version,
      ),
  }
}

export async function removeProjects(): Promise<void> {
  for (const project of projects.splice(0)) await project[Symbol.asyncDispose]()
}

/** Two backups of one release within a second would have one name, and the second is refused: this waits until it has passed. */
export async function afterThisSecond(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1005 - (Date.now() % 1000)))
}
