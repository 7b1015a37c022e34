import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The peers, each a file beside this one, in the order in which they run; the tools are installed first. */
const peers = [
  'install',
  'actionlint',
  'zizmor',
  'workflows',
  'round-trips',
  'goose',
  'golang-migrate',
  'dbmate',
  'sqlx',
  'diesel',
  'flyway',
  'team-commands',
  'pgbouncer',
  'extensions',
  'majors',
  'ceph',
]

/** Runs them all, or those that are named, and says of each how long it took. */
async function main(named: readonly string[]): Promise<number> {
  const unknown = named.filter((one) => !peers.includes(one))
  if (unknown.length > 0) throw new Error(`there is no peer ${unknown.join(', ')}; there are: ${peers.join(', ')}`)
  const told: string[] = []
  let failed = 0
  for (const peer of peers.filter((one) => named.length === 0 || named.includes(one))) {
    console.log(`== ${peer}`)
    const from = performance.now()
    const exitCode = await run(peer)
    if (exitCode !== 0) failed++
    told.push(`${exitCode === 0 ? 'ok   ' : 'FAIL '} ${peer} (${Math.round((performance.now() - from) / 1000)} s)`)
    if (peer === 'install' && failed > 0) break // a tool that is missing is no reason to leave its peer out
  }
  console.log(`\n${told.join('\n')}`)
  console.log(`${told.length - failed} passed, ${failed} failed`)
  return failed
}

function run(peer: string): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, `${peer}.ts`)], { stdio: 'inherit' })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)))
}

process.exitCode = (await main(process.argv.slice(2))) === 0 ? 0 : 1
