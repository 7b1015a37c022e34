import { resolve } from 'node:path'
import { shiplock, startCli } from '../program.ts'
import { makeRelease } from './release.ts'
import type { TestServer } from './server.ts'

const script = resolve(import.meta.dirname, 'team-command.mjs')

/** The command that does these steps, as `shiplock.yml` names it. */
export function stepsCommand(...steps: string[]): string {
  return JSON.stringify([process.execPath, script, ...steps])
}

interface Row {
  readonly event: string
  readonly phase: string | null
  readonly state: string | null
  readonly error: string | null
}

/** A fresh database and a checkout whose team has a command of its own: `pre` and `post` are its steps. */
export async function makeTeam(server: TestServer, pre: readonly string[], post?: readonly string[]) {
  const config = (one: readonly string[], other?: readonly string[]) =>
    `project: shop\nmigrations:\n  command: ${stepsCommand(...one)}\n${other === undefined ? '' : `  command-post: ${stepsCommand(...other)}\n`}`
  const release = await makeRelease(server, { 'shiplock.yml': config(pre, post) })
  const runWith = async (variables: Readonly<Record<string, string>>, ...args: string[]) => {
    const ended = await shiplock(args, { cwd: release.project.dir, env: { ...release.env, ...variables } })
    return { ...ended, command: ended.result.commands[0] }
  }
  const run = (...args: string[]) => runWith({}, ...args)
  return {
    ...release,
    run,
    runWith,
    migrate: (phase: string, ...args: string[]) => run('migrate', '--phase', phase, '--release', 'v1', ...args),
    start: (...args: string[]) => startCli([...args, '--json'], { cwd: release.project.dir, env: release.env }),
    rewrite: (one: readonly string[], other?: readonly string[]) => release.project.write({ 'shiplock.yml': config(one, other) }),
    history: () => release.query<Row>("select event, phase, state, error from shiplock.history where event <> 'schema' order by id"),
  }
}
