import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GuardedChild, startGuardedChild } from '../../src/adapters/guarded-child.ts'
import { runChild } from '../../src/adapters/process.ts'
import { type CephPlace, cephConfig } from './ceph-config.ts'

/** A cluster of one of each, with a gateway that answers. */
export interface CephDaemons {
  /** What an administrator may do to users, quotas and the like. Throws what `radosgw-admin` said. */
  administer(...args: string[]): Promise<string>
  /** Ends all of them by force: nothing of theirs is to be kept. */
  stop(): Promise<void>
}

const env = { PATH: process.env.PATH ?? '' }
const patienceMs = 60_000

/** Makes the cluster below its folder and starts it. Throws what a daemon said that did not start. */
export async function startCephDaemons(place: CephPlace): Promise<CephDaemons> {
  const { folder, fsid, ports } = place
  const config = join(folder, 'ceph.conf')
  const running: GuardedChild[] = []
  const stop = async () => {
    for (const daemon of running.toReversed()) await daemon.stop()
  }
  const start = (program: string, ...args: string[]) => {
    const daemon = startGuardedChild(program, ['-c', config, ...args, '-f'], { env, cwd: folder })
    daemon.stdout.resume()
    running.push(daemon)
  }
  const run = (program: string, ...args: string[]) => runTool(program, ['-c', config, ...args])
  const untilDone = (program: string, ...args: string[]) => repeat(running, () => run(program, ...args))
  try {
    for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(folder, name))
    await writeFile(config, cephConfig(place))
    const [keyring, map] = [join(folder, 'keyring'), join(folder, 'monmap')]
    await runTool('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `v1:127.0.0.1:${ports.mon}`, map])
    await runTool('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *'])
    await run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring)
    start('ceph-mon', '-i', 'a')
    await untilDone('ceph', '--connect-timeout', '5', 'osd', 'new', fsid)
    await run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', fsid)
    await untilDone('ceph', '--connect-timeout', '5', 'osd', 'crush', 'add', 'osd.0', '1.0', 'host=local', 'root=default')
    start('ceph-osd', '-i', '0')
    start('radosgw', '-n', 'client.rgw')
    await repeat(running, () => fetch(`http://127.0.0.1:${ports.http}/`, { signal: AbortSignal.timeout(2000) }))
    return { administer: (...args) => run('radosgw-admin', '-n', 'client.rgw', ...args), stop }
  } catch (error) {
    await stop()
    const said = running.map((daemon) => daemon.stderr().trim().split('\n').slice(-5).join('\n')).join('\n')
    throw new Error(`no Ceph gateway could be started:\n${said}`, { cause: error })
  }
}

/** Until it succeeds; not once a daemon has ended, nor for ever. */
async function repeat(running: readonly GuardedChild[], work: () => Promise<unknown>): Promise<void> {
  let hasEnded = false
  for (const daemon of running)
    void daemon.ended.then(() => {
      hasEnded = true
    })
  for (const deadline = performance.now() + patienceMs; ; ) {
    try {
      await work()
      return
    } catch (error) {
      if (hasEnded || performance.now() > deadline) throw error
    }
    await sleep(50)
  }
}

async function runTool(program: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runChild(program, args, { env })
  if (exitCode !== 0) throw new Error(`${program} ended with ${exitCode}:\n${stderr}\n${stdout}`)
  return stdout
}
