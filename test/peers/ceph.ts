import { spawn } from 'node:child_process'
import { findTools } from '../../src/adapters/postgres/tools.ts'
import { installCeph } from '../s3/install-ceph.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)

/** Proves the S3 store with Ceph's gateway, which DigitalOcean Spaces is built on; the tests are those in the folder beside this file. */
async function main(): Promise<number> {
  say(`Ceph ${await installCeph(say)}`)
  await findTools({
    major: 13,
    set: 'server',
    binDir: process.env.SHIPLOCK_TEST_PG_BIN_DIR || undefined,
    install: true,
    env: process.env,
    say,
  })
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/peers/ceph/vitest.config.ts', '--root', '.']
  const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], { stdio: 'inherit' })
  return new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)))
}

process.exitCode = await main()
