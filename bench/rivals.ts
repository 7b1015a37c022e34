import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type GoTool, installGoTool } from '../test/peers/go-tool.ts'
import { golangMigrate } from '../test/peers/golang-migrate-version.ts'
import { goose } from '../test/peers/goose-version.ts'
import { say } from './clock.ts'

/** A program that was installed for comparison, at the version that the figures are for. */
export interface Rival {
  readonly program: string
  readonly version: string
}

const npmVersions = { dbmate: '2.36.0', 'node-pg-migrate': '9.0.0', pg: '8' } as const

/** Installs the rivals that npm has, once. Throws when that cannot be done. */
export function installNpmRivals(): { readonly dbmate: Rival; readonly nodePgMigrate: Rival } {
  const packages = Object.entries(npmVersions).map(([name, version]) => `${name}@${version}`)
  const folder = resolve('node_modules/.cache/bench', packages.join('+'))
  const dbmate = join(folder, `node_modules/@dbmate/${process.platform}-${process.arch}/bin/dbmate`)
  const nodePgMigrate = join(folder, 'node_modules/node-pg-migrate/bin/node-pg-migrate.js')
  if (!existsSync(dbmate) || !existsSync(nodePgMigrate)) {
    say(`installing ${packages.join(', ')}`)
    execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  for (const program of [dbmate, nodePgMigrate]) if (!existsSync(program)) throw new Error(`npm installed no ${program}`)
  return {
    dbmate: { program: dbmate, version: npmVersions.dbmate },
    nodePgMigrate: { program: nodePgMigrate, version: npmVersions['node-pg-migrate'] },
  }
}

/** Builds the rivals that are written in Go, once. Throws when that cannot be done. */
export async function buildGoRivals(): Promise<{ readonly goose: Rival; readonly golangMigrate: Rival }> {
  const built = async (tool: GoTool) => ({ program: await installGoTool(tool, say), version: tool.version.slice(1) })
  return { goose: await built(goose), golangMigrate: await built(golangMigrate) }
}
