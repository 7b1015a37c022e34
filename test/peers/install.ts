import { join } from 'node:path'
import { installGoTool } from './go-tool.ts'
import { installZizmor } from './install-zizmor.ts'
import { installMavenTool } from './maven-tool.ts'
import { installNpmTool } from './npm-tool.ts'
import * as pins from './pins.ts'
import { installRails } from './ruby.ts'
import { buildRustProgram, installRustTool } from './rust-tool.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** What the peers need that is slow to get, by where it comes from: one of a kind after the other, the kinds side by side. */
const kinds: readonly (readonly (() => Promise<unknown>)[])[] = [
  [pins.goose, pins.golangMigrate, pins.actionlint, pins.act].map((tool) => () => installGoTool(tool, say)),
  [
    () => installRustTool(pins.sqlx, say),
    () => installRustTool(pins.diesel, say),
    () => buildRustProgram(join(import.meta.dirname, 'embedded-sqlx'), 'embedded-sqlx', say),
  ],
  [() => installNpmTool(pins.dbmate, say)],
  [() => installMavenTool(pins.flyway, say)],
  [() => installZizmor(say), () => installRails(say)],
]

// Debian's installer runs alone: whoever needs it waits for the others that do
const results = await Promise.allSettled(
  kinds.map(async (installs) => {
    for (const install of installs) await install()
  }),
)
const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
for (const failure of failures) say(`FAIL  ${failure instanceof Error ? failure.message : String(failure)}`)
process.exitCode = failures.length === 0 ? 0 : 1
