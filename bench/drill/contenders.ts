import { execFileSync } from 'node:child_process'
import { chmod, chown, copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { serverAccount } from '../../src/adapters/postgres/server-account.ts'
import { toolEnvironment } from '../../src/adapters/postgres/tools.ts'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import { type Command, measure } from '../backup/step.ts'

/** What everybody restores, and with what. */
export interface Site {
  readonly store: string
  /** The dump in that store. */
  readonly dump: string
  /** A folder of smoke queries, and the only file in it. */
  readonly smoke: string
  readonly smokeFile: string
  readonly binDir: string
  readonly folder: string
}

/** Seconds of a whole run, and of its parts in their order. */
export interface Run {
  readonly seconds: number
  readonly parts: ReadonlyMap<string, number>
}

/** A way from the stored dump to a copy that was looked at. */
export interface Contender {
  readonly name: string
  run(): Promise<Run>
}

/** Shiplock as people start it. */
export function shiplock({ store, smoke, folder }: Site): Contender {
  const command = {
    program: process.execPath,
    args: [resolve('dist/cli.js'), 'restore-drill', '--project', 'bench', '--store', `file://${store}`, '--smoke', smoke, '--json'],
    cwd: folder,
  }
  return {
    name: 'shiplock restore-drill',
    async run() {
      const { seconds, stdout } = await measure(command)
      const { commands } = JSON.parse(stdout) as {
        commands: readonly [{ level: string; phases: readonly { name: string; ms: number }[] }]
      }
      const [{ level, phases }] = commands
      if (level !== 'usable') throw new Error(`the drill has shown no more than ${level}`)
      return { seconds, parts: new Map(phases.map(({ name, ms }) => [name, ms / 1000])) }
    },
  }
}

const database = 'restored'

/** The script that people write: a server with its default settings, which is thrown away afterwards. */
export function script({ dump, smokeFile, binDir }: Site): Contender {
  return {
    name: 'initdb, pg_restore --jobs=4, psql',
    async run() {
      const account = serverAccount()
      await using workspace = await makeWorkspace({ roots: [tmpdir()], owner: account })
      const folder = workspace.path
      const [data, archive, smoke] = [join(folder, 'data'), join(folder, 'archive'), join(folder, 'smoke.sql')]
      for (const [from, to] of [
        [dump, archive],
        [smokeFile, smoke],
      ] as const) {
        await copyFile(from, to)
        await chmod(to, 0o400)
        if (account !== undefined) await chown(to, account.uid, account.gid)
      }
      const env = { ...toolEnvironment(process.env), PGHOST: folder, PGUSER: 'postgres' }
      const step = (name: string, args: readonly string[]): Command => ({ program: join(binDir, name), args, env, cwd: folder, account })
      const options = `-c listen_addresses= -c unix_socket_directories=${folder}`
      const steps = [
        step('initdb', ['--pgdata', data, '--username=postgres', '--auth=trust']),
        step('pg_ctl', ['start', '--wait', '--silent', '--pgdata', data, '--log', join(folder, 'log'), '--options', options]),
        step('createdb', [database]),
        step('pg_restore', ['--jobs=4', `--dbname=${database}`, archive]),
        step('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--dbname=${database}`, `--file=${smoke}`]),
      ]
      const stop = () => {
        const args = ['stop', '--silent', '--mode=immediate', '--pgdata', data]
        execFileSync(join(binDir, 'pg_ctl'), args, { env, cwd: folder, ...account })
      }
      process.once('exit', stop)
      try {
        const parts = new Map<string, number>()
        for (const one of steps) parts.set(nameOf(one), (await measure(one)).seconds)
        return { seconds: [...parts.values()].reduce((sum, seconds) => sum + seconds), parts }
      } finally {
        process.off('exit', stop)
        stop()
      }
    },
  }
}

function nameOf({ program }: Command): string {
  return program.slice(program.lastIndexOf('/') + 1)
}
