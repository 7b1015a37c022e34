import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** The peers, each a file beside this one, in the order in which they run; the tools are installed first. */
const peers = [
  'install',
  'actionlint',
  'zizmor',
  'workflows',
  'prisma',
  'round-trips',
  'goose',
  'golang-migrate',
  'dbmate',
  'sqlx',
  'diesel',
  'flyway',
  'rails',
  'team-commands',
  'pgbouncer',
  'extensions',
  'majors',
  'ceph',
]

/** They wait for most of their time: they run beside the others, and what they say comes when those have ended. */
const beside: readonly string[] = ['workflows', 'prisma']

/** Runs them all, or those that are named, and says of each how long it took. */
async function main(named: readonly string[]): Promise<number> {
  const unknown = named.filter((one) => !peers.includes(one))
  if (unknown.length > 0) throw new Error(`there is no peer ${unknown.join(', ')}; there are: ${peers.join(', ')}`)
  const chosen = peers.filter((one) => named.length === 0 || named.includes(one))
  const told: string[] = []
  let failed = 0
  const tell = ({ peer, exitCode, seconds, said }: Told) => {
    if (said !== '') console.log(`== ${peer}\n${said}`)
    if (exitCode !== 0) failed++
    told.push(`${exitCode === 0 ? 'ok   ' : 'FAIL '} ${peer} (${seconds} s)`)
  }
  const waited: Promise<Told>[] = []
  for (const peer of chosen) {
    if (beside.includes(peer) && chosen.length > 1) {
      waited.push(run(peer, 'pipe'))
      continue
    }
    console.log(`== ${peer}`)
    tell(await run(peer, 'inherit'))
    if (peer === 'install' && failed > 0) break // a tool that is missing is no reason to leave its peer out
  }
  for (const one of await Promise.all(waited)) tell(one)
  console.log(`\n${told.join('\n')}`)
  console.log(`${told.length - failed} passed, ${failed} failed`)
  return failed
}

interface Told {
  readonly peer: string
  readonly exitCode: number
  readonly seconds: number
  /** What it printed, where that was kept. */
  readonly said: string
}

function run(peer: string, output: 'inherit' | 'pipe'): Promise<Told> {
  const from = performance.now()
  const program = ['--import', 'tsx', join(import.meta.dirname, `${peer}.ts`)]
  const child = spawn(process.execPath, program, { stdio: ['ignore', output, output] })
  const said: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => said.push(data))
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      const seconds = Math.round((performance.now() - from) / 1000)
      resolve({ peer, exitCode: code ?? 1, seconds, said: Buffer.concat(said).toString() })
    })
  })
}

process.exitCode = (await main(process.argv.slice(2))) === 0 ? 0 : 1
