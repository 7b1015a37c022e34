import { type GoTool, installGoTool } from '../test/peers/go-tool.ts'
import { installNpmTool, type NpmTool } from '../test/peers/npm-tool.ts'
import { dbmate, golangMigrate, goose } from '../test/peers/pins.ts'
import { say } from './clock.ts'

/** A program that was installed for comparison, at the version that the figures are for. */
export interface Rival {
  readonly program: string
  readonly version: string
}

const nodePgMigrate = {
  packages: { 'node-pg-migrate': '9.0.0', pg: '8' },
  program: 'node-pg-migrate/bin/node-pg-migrate.js',
} satisfies NpmTool

/** Installs the rivals that npm has, once. Throws when that cannot be done. */
export async function installNpmRivals(): Promise<{ readonly dbmate: Rival; readonly nodePgMigrate: Rival }> {
  return {
    dbmate: { program: await installNpmTool(dbmate, say), version: dbmate.packages.dbmate },
    nodePgMigrate: { program: await installNpmTool(nodePgMigrate, say), version: nodePgMigrate.packages['node-pg-migrate'] },
  }
}

/** Builds the rivals that are written in Go, once. Throws when that cannot be done. */
export async function buildGoRivals(): Promise<{ readonly goose: Rival; readonly golangMigrate: Rival }> {
  const built = async (tool: GoTool) => ({ program: await installGoTool(tool, say), version: tool.version.slice(1) })
  return { goose: await built(goose), golangMigrate: await built(golangMigrate) }
}
