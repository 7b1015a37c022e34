import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installGoTool } from './go-tool.ts'
import { actionlint as pinned } from './pins.ts'

// The real actionlint over every workflow that the repository ships. Fails when it finds anything, or is not to be had.

const actionlint = await installGoTool(pinned, (text) => process.stderr.write(`${text}\n`))
const workflows = ['workflows', '.github/workflows'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
// a key of GitHub's that this version does not know yet
const unknown = 'unexpected key "queue" for "concurrency" section'
execFileSync(actionlint, ['-no-color', '-shellcheck=', '-pyflakes=', '-ignore', unknown, ...workflows], { stdio: 'inherit' })
console.log(`actionlint ${pinned.version}: ${workflows.length} workflows, nothing found`)
