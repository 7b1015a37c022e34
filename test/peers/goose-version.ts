import type { GoTool } from './go-tool.ts'

/** The goose that Shiplock is measured against. */
export const goose: GoTool = {
  name: 'goose',
  command: 'github.com/pressly/goose/v3/cmd/goose',
  version: 'v3.26.0',
  tags: 'no_clickhouse no_mssql no_mysql no_sqlite3 no_vertica no_ydb no_libsql',
  ask: ['-version'],
  answers: (text) => text.trim() === 'goose version: v3.26.0',
}
