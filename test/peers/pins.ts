import type { GoTool } from './go-tool.ts'
import type { MavenTool } from './maven-tool.ts'
import type { NpmTool } from './npm-tool.ts'
import type { RustTool } from './rust-tool.ts'

// Every tool that is built or fetched for the peers, each at the one version that Shiplock is measured against.

export const goose: GoTool = {
  name: 'goose',
  command: 'github.com/pressly/goose/v3/cmd/goose',
  version: 'v3.26.0',
  tags: 'no_clickhouse no_mssql no_mysql no_sqlite3 no_vertica no_ydb no_libsql',
  ask: ['-version'],
}

export const golangMigrate: GoTool = {
  name: 'migrate',
  command: 'github.com/golang-migrate/migrate/v4/cmd/migrate',
  version: 'v4.19.0',
  tags: 'postgres',
  ldflags: '-X main.Version=v4.19.0',
  ask: ['-version'],
}

export const actionlint: GoTool = {
  name: 'actionlint',
  command: 'github.com/rhysd/actionlint/cmd/actionlint',
  version: 'v1.7.12',
  ask: ['-version'],
}

export const act: GoTool = { name: 'act', command: 'github.com/nektos/act', version: 'v0.2.89', ask: ['--version'] }

export const sqlx: RustTool = { crate: 'sqlx-cli', program: 'sqlx', version: '0.9.0', features: 'postgres,sqlx-toml' }

export const diesel: RustTool = { crate: 'diesel_cli', program: 'diesel', version: '2.3.14', features: 'postgres', needs: ['libpq-dev'] }

export const dbmate = {
  packages: { dbmate: '2.36.0' },
  program: `@dbmate/${process.platform}-${process.arch}/bin/dbmate`,
} satisfies NpmTool

export const flyway: MavenTool = {
  name: 'flyway',
  version: '11.8.2',
  artifact: 'org.flywaydb:flyway-commandline:11.8.2:tar.gz',
  program: 'flyway-11.8.2/flyway',
}

/** On PyPI, whose package holds the program itself. */
export const zizmor = { version: '1.32.0' }
