import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installZizmor } from './install-zizmor.ts'
import { zizmor as pinned } from './pins.ts'

// The real zizmor over every workflow of the repository, with all of its audits. Fails when it finds anything, or is not to be had.

const settings = `rules:
  concurrency-limits:
    disable: true # it wants running jobs cancelled; a migration under way is never cut off, and a watch needs no group
`

const zizmor = await installZizmor((text) => process.stderr.write(`${text}\n`))
const folder = mkdtempSync(join(tmpdir(), 'zizmor-'))
try {
  writeFileSync(join(folder, 'zizmor.yml'), settings)
  const workflows = ['workflows', '.github/workflows'].flatMap((path) => readdirSync(path).map((name) => join(path, name)))
  execFileSync(
    zizmor,
    ['--offline', '--no-progress', '--persona=pedantic', '--config', join(folder, 'zizmor.yml'), ...workflows, 'action.yml'],
    {
      stdio: ['ignore', 'inherit', 'ignore'],
    },
  )
  console.log(`zizmor ${pinned.version}: ${workflows.length} workflows and the action, nothing found`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
