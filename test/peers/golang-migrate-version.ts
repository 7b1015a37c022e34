import type { GoTool } from './go-tool.ts'

/** The golang-migrate that Shiplock is measured against. */
export const golangMigrate: GoTool = {
  name: 'migrate',
  command: 'github.com/golang-migrate/migrate/v4/cmd/migrate',
  version: 'v4.19.0',
  tags: 'postgres',
  ldflags: '-X main.Version=v4.19.0',
  ask: ['-version'],
  answers: (text) => text.trim() === 'v4.19.0',
}
