import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startGate, startSilent } from '../doors.ts'
import { type Running, resultOf, runStep, shiplock, startCli } from '../program.ts'
import { makeRelease, removeProjects } from './release.ts'
import { startServer, type TestServer } from './server.ts'
import { makeKey, type SshServer, startSshServer } from './ssh-server.ts'
import { noteCalls, startAgent } from './ssh-user.ts'

let server: TestServer
let ssh: SshServer
let keys: string
/** Where the program under test makes its folders. */
let temp: string

beforeAll(async () => {
  server = await startServer()
  ssh = await startSshServer()
  keys = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterAll(async () => {
  await ssh?.[Symbol.asyncDispose]()
  await server?.stop()
  await rm(keys, { recursive: true, force: true })
  await removeProjects()
})
beforeEach(async () => {
  temp = await mkdtemp(join(tmpdir(), 'tunnel-'))
})
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  await rm(temp, { recursive: true, force: true })
})

/** What a test that failed would leave running. */
const started: Running[] = []

function start(...given: Parameters<typeof startCli>): Running {
  const running = startCli(...given)
  started.push(running)
  return running
}

const users = { 'db/migrations/1_users.sql': 'create table users (id int primary key); insert into users values (1), (2);' }
const slow = {
  'db/migrations/1_a.sql': 'create table a (x int);',
  'db/migrations/2_slow.sql': 'create table slow (x int); select pg_sleep(60);',
}

/** A fresh database and a checkout, reached through an ssh host. */
async function behind(host: SshServer, files: Readonly<Record<string, string>>) {
  const release = await makeRelease(server, files)
  const env = { ...release.env, SSH_KEY: host.key, TMPDIR: temp }
  const words = (args: readonly string[]) => [...args, '--project', 'shop', '--connect', host.url, '--ssh-known-hosts', host.knownHosts]
  const options = { cwd: release.project.dir, env }
  return {
    ...release,
    env,
    run: (...args: string[]) => shiplock(words(args), options),
    start: (...args: string[]) => start([...words(args), '--json'], options),
    async sleeping() {
      await until(
        async () =>
          (await release.query("select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).length ===
          1,
      )
    },
  }
}

describe('a database behind an ssh host', () => {
  test('is planned, migrated and dumped with every connection through the tunnel, and recognised without it', async () => {
    await using gate = await startGate(server.port)
    await using host = await startSshServer({ restrictions: `restrict,port-forwarding,permitopen="127.0.0.1:${gate.port}"` })
    const { project, env, database, run } = await behind(host, users)
    const url = env.DATABASE_URL.replace(`:${server.port}/`, `:${gate.port}/`)
    const through = (...args: string[]) => run(...args, '--database-url', url)

    const planned = await through('plan')
    expect(planned.stderr).toContain(`127.0.0.1:${gate.port}/${database} is reached through ${host.url}`)
    expect(planned.result.commands[0]).toMatchObject({ verdict: 'pass', database: `127.0.0.1:${gate.port}/${database}` })
    const both = await through('migrate,backup', '--phase', 'pre')
    expect(both.result.commands).toMatchObject([
      { verdict: 'pass', applied: [{ id: '1_users' }] },
      {
        verdict: 'pass',
        manifest: { level: 'read-back', tables: expect.arrayContaining([expect.objectContaining({ name: 'public.users', rows: 2 })]) },
      },
    ])
    expect((await through('record', 'deployed')).exitCode).toBe(0)
    expect(gate.connections()).toBeGreaterThan(6)
    expect(host.forwarded()).toBe(gate.connections())

    const direct = await shiplock(['plan', '--project', 'shop', '--database-url', url], { cwd: project.dir, env })
    expect(direct.result.commands[0]).toMatchObject({ verdict: 'pass', applied: 1 })
    expect(await readdir(temp)).toEqual([])
  })

  test('may listen on a socket there', async () => {
    const { env, run } = await behind(ssh, users)
    const url = env.DATABASE_URL.replace(`127.0.0.1:${server.port}`, encodeURIComponent(server.socketDir)).concat(`?port=${server.port}`)
    const before = ssh.forwarded()
    const { result } = await run('migrate,backup', '--phase', 'pre', '--database-url', url)
    expect(result.commands).toMatchObject([{ verdict: 'pass', applied: [{ id: '1_users' }] }, { verdict: 'pass' }])
    expect(ssh.forwarded() - before).toBeGreaterThan(5)
  })

  test("is reached with the user's own configuration, known_hosts and agent, where nothing else is given", async () => {
    await using agent = await startAgent(ssh.key)
    const { project, env } = await makeRelease(server, users)
    const run = () =>
      shiplock(['plan', '--connect', ssh.url], { cwd: project.dir, env: { ...env, SSH_AUTH_SOCK: agent.socket, PATH: agent.path } })
    const unknown = await run()
    expect(unknown.result.commands[0]?.error).toMatchObject({
      code: 'ssh-failed',
      message: expect.stringContaining('known_hosts of this user'),
    })
    await agent.know(ssh.knownHosts)
    expect((await run()).result.commands[0]).toMatchObject({ verdict: 'pass' })
    expect(await agent.calls()).not.toContain('-F /dev/null')
  })
})

describe('in the terminal', () => {
  test('a key on the command line works, with a warning, and is not repeated', async () => {
    const { project, env } = await makeRelease(server, users)
    const way = ['--connect', ssh.url, '--ssh-known-hosts', ssh.knownHosts, '--ssh-key', ssh.key]
    const ended = await shiplock(['plan', ...way], { cwd: project.dir, env })
    expect(ended.result.verdict).toBe('pass')
    expect(ended.stderr).toContain('a private key on the command line can be read by every user')
    for (const line of keyLines()) expect(ended.stdout + ended.stderr).not.toContain(line)
  })
})

describe('in GitHub Actions', () => {
  test('key and host key are inputs, each line of the key is masked, and nothing stays behind', async () => {
    const { project, env } = await makeRelease(server, users)
    const inputs = {
      command: 'plan',
      connect: ssh.url,
      'ssh-key': ssh.key,
      'ssh-known-hosts': ssh.knownHosts,
      'database-url': env.DATABASE_URL,
    }
    const noted = await noteCalls(keys)
    const step = await runStep(inputs, { cwd: project.dir, env: { TMPDIR: temp, PATH: noted.path } })
    expect(step.outputs.get('verdict')).toBe('pass')
    expect(await noted.calls()).toContain('-F /dev/null') // no configuration of the runner's user
    const [line = ''] = keyLines()
    const masks = step.ended.stdout.split('\n').filter((one) => one.includes(line))
    expect(masks).toHaveLength(2) // as a whole, and by itself
    expect(masks.every((one) => one.startsWith('::add-mask::'))).toBe(true)
    expect(await readdir(temp)).toEqual([])
  })

  test('a host key that nobody pinned is refused before anything is started', async () => {
    const { project, env } = await makeRelease(server, users)
    const inputs = { command: 'plan', connect: ssh.url, 'ssh-key': ssh.key, 'database-url': env.DATABASE_URL }
    const step = await runStep(inputs, { cwd: project.dir })
    expect(step.result?.commands[0]?.error).toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('ssh-keyscan') })
  })
})

describe('a tunnel is refused', () => {
  interface Refusal {
    readonly args?: () => readonly string[] | Promise<readonly string[]>
    readonly env?: () => Record<string, string> | Promise<Record<string, string>>
    readonly code: string
    readonly message: RegExp
    readonly hint: RegExp
  }

  const refusals: Record<string, Refusal> = {
    'where no line holds the host key': {
      args: () => ['--ssh-known-hosts', ssh.knownHosts.replace('127.0.0.1', '127.0.0.9')],
      code: 'ssh-failed',
      message: /host key of ssh:.* is not known: ssh-known-hosts has no line/,
      hint: /ssh-keyscan -p \d+ 127\.0\.0\.1".* compare the fingerprint/,
    },
    'where the host has another key': {
      args: async () => ['--ssh-known-hosts', `[127.0.0.1]:${ssh.port} ${(await makeKey(keys, 'stranger')).publicKey}`],
      code: 'ssh-failed',
      message: /is not the one in ssh-known-hosts; it showed SHA256:.*stand in between/,
      hint: /Compare the fingerprint/,
    },
    'where ssh-known-hosts is a fingerprint': {
      args: () => ['--ssh-known-hosts', 'SHA256:a/OIT/SMW6gc85a6MmHQQaUQBON4WPXckuczctdv6lU'],
      code: 'invalid-input',
      message: /number 1, that is none/,
      hint: /ssh-keyscan/,
    },
    'with a key that the host does not know': {
      env: async () => ({ SSH_KEY: (await makeKey(keys, 'unknown')).privateKey }),
      code: 'ssh-failed',
      message: /refused the key in ssh-key/,
      hint: /authorized_keys/,
    },
    'with a key that ssh cannot read': {
      env: () => ({ SSH_KEY: ssh.key.replace(/^(.{70})\n.*$/m, '$1') }),
      code: 'ssh-failed',
      message: /cannot read the private key/,
      hint: /line breaks/,
    },
    'with a key that needs a passphrase': {
      env: async () => ({ SSH_KEY: (await makeKey(keys, 'guarded', 'open sesame')).privateKey }),
      code: 'invalid-input',
      message: /protected by a passphrase/,
      hint: /ssh-add/,
    },
    'with the path of a key': {
      env: () => ({ SSH_KEY: '/home/deploy/.ssh/id_ed25519' }),
      code: 'invalid-input',
      message: /not the text of a private key/,
      hint: /SSH_KEY="\$\(cat/,
    },
    'with a password in it': {
      args: () => ['--connect', 'ssh://deploy:hunter2hunter2@bastion'],
      code: 'invalid-input',
      message: /connect: .*it holds a password/,
      hint: /describe each input/,
    },
    'to a host that does not answer': {
      args: () => ['--connect', `ssh://${userInfo().username}@127.0.0.1:1`],
      code: 'ssh-failed',
      message: /ssh:\/\/.*:1 could not be reached: .*Connection refused/,
      hint: /firewall/,
    },
    'to a database that the host cannot reach': {
      args: () => ['--database-url', 'postgres://u:p@127.0.0.1:1/shop'],
      code: 'connection-failed',
      message: /127\.0\.0\.1:1\/shop could not be reached from ssh:.*Connection refused/,
      hint: /looked up on the ssh host/,
    },
    'without the program': {
      env: async () => ({ PATH: join(temp, 'empty') }),
      code: 'tool-not-found',
      message: /needs the program ssh/,
      hint: /openssh-client/,
    },
  }

  test.each(Object.keys(refusals))('%s', async (name) => {
    const { args, env, code, message, hint } = refusals[name] as Refusal
    const release = await makeRelease(server, users)
    const given = { connect: ssh.url, 'ssh-known-hosts': ssh.knownHosts, ...flags((await args?.()) ?? []) }
    const ended = await shiplock(['plan', ...Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, value])], {
      cwd: release.project.dir,
      env: { ...release.env, SSH_KEY: ssh.key, TMPDIR: temp, ...(await env?.()) },
    })
    const error = ended.result.commands[0]?.error
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) })
    expect(ended.exitCode).toBe(2)
    expect(ended.stdout + ended.stderr).not.toMatch(/hunter2|PRIVATE KEY-----\n/)
    expect(await readdir(temp)).toEqual([])
  })

  test.each([
    ['forwards nothing', { config: ['AllowTcpForwarding no'] }],
    ['allows this key no forwarding', { restrictions: 'restrict' }],
    ['allows this key another database only', { restrictions: 'restrict,port-forwarding,permitopen="db:5432"' }],
  ])('by a host that %s', async (_, options) => {
    await using host = await startSshServer(options)
    const { run } = await behind(host, users)
    const { result } = await run('plan')
    expect(result.commands[0]?.error).toMatchObject({
      code: 'ssh-failed',
      message: `${host.url} logged us in, but forwards nothing to 127.0.0.1:${server.port}.`,
      hint: expect.stringContaining(`AllowTcpForwarding yes (or local), and the key's line in authorized_keys port-forwarding`),
    })
  })
})

describe('a run that ends', () => {
  test('has shown no key to other users, and left none on the disk while it worked', async () => {
    const { start, sleeping, query } = await behind(ssh, slow)
    const running = start('migrate', '--phase', 'pre')
    await sleeping()
    const [tunnel, ...others] = await tunnelsTo(ssh)
    expect([tunnel, others]).toEqual([expect.anything(), []])
    for (const one of await processes()) for (const line of keyLines()) expect(one.command).not.toContain(line)
    expect(await readFile(`/proc/${tunnel?.pid}/environ`, 'utf8')).not.toMatch(/SSH_KEY|DATABASE_URL/)
    expect(await readdir(temp)).toEqual([])
    running.child.kill('SIGTERM')
    expect(resultOf(await running.ended)).toMatchObject({
      exitCode: 143,
      commands: [{ applied: [{ id: '1_a' }], error: { code: 'interrupted' } }],
    })
    expect(await query("select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).toEqual([])
    expect(await tunnelsTo(ssh)).toEqual([])
  })

  test('by SIGKILL takes its tunnel with it, and the next run goes on', async () => {
    const { start, sleeping, run, project } = await behind(ssh, slow)
    const running = start('migrate', '--phase', 'pre')
    await sleeping()
    expect(await tunnelsTo(ssh)).toHaveLength(1)
    running.child.kill('SIGKILL')
    await until(async () => (await tunnelsTo(ssh)).length === 0, 5000)
    await project.write({ 'db/migrations/2_slow.sql': 'create table slow (x int);' })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass', applied: [{ id: '2_slow' }] })
  })

  test('by SIGKILL during the login leaves a folder that the next start removes', async () => {
    await using silent = await startSilent()
    const { project, env } = await makeRelease(server, users)
    const options = { cwd: project.dir, env: { ...env, SSH_KEY: ssh.key, TMPDIR: temp } }
    const waiting = start(['plan', '--connect', `ssh://deploy@127.0.0.1:${silent.port}`], options)
    await until(async () => silent.connections() === 1)
    const [folder = ''] = await readdir(temp)
    expect((await readdir(join(temp, folder))).sort()).toEqual(['key', 'owner.json'])
    waiting.child.kill('SIGKILL')
    await until(async () => (await processes()).every(({ command }) => !command.includes(`\0${silent.port}\0`)), 5000)
    await shiplock(['plan', '--connect', ssh.url, '--ssh-known-hosts', ssh.knownHosts], options)
    expect(await readdir(temp)).toEqual([])
  })

  test('by SIGINT during the login removes the key', async () => {
    await using silent = await startSilent()
    const { project, env } = await makeRelease(server, users)
    const options = { cwd: project.dir, env: { ...env, SSH_KEY: ssh.key, TMPDIR: temp } }
    const waiting = start(['plan', '--json', '--connect', `ssh://deploy@127.0.0.1:${silent.port}`], options)
    await until(async () => silent.connections() === 1)
    waiting.child.kill('SIGINT')
    const ended = await waiting.ended
    expect(resultOf(ended)).toMatchObject({ exitCode: 130, commands: [{ error: { code: 'interrupted' } }] })
    expect(await readdir(temp)).toEqual([])
  })
})

describe('a tunnel that breaks', () => {
  test('under a migration is opened anew to ask the version table, and the next run is right', async () => {
    const { start, sleeping, query, run, project } = await behind(ssh, slow)
    const running = start('migrate', '--phase', 'pre')
    await sleeping()
    for (const { pid } of await tunnelsTo(ssh)) process.kill(pid, 'SIGKILL')
    const ended = await running.ended
    expect(resultOf(ended)).toMatchObject({
      exitCode: 3,
      commands: [{ verdict: 'inconclusive', applied: [{ id: '1_a' }], failed: { id: '2_slow' }, error: { code: 'connection-lost' } }],
    })
    expect(ended.stderr.split('is reached through')).toHaveLength(3)
    expect(await query("select state from shiplock.history where version = '2'")).toEqual([{ state: 'not-applied' }])
    expect(await tunnelsTo(ssh)).toEqual([])
    await project.write({ 'db/migrations/2_slow.sql': 'create table slow (x int);' })
    expect((await run('migrate', '--phase', 'pre')).result.commands[0]).toMatchObject({ verdict: 'pass', applied: [{ id: '2_slow' }] })
  })

  test('under a dump leaves no backup', async () => {
    const { start, query, run, project } = await behind(ssh, users)
    await run('migrate', '--phase', 'pre')
    const holding = query('begin; lock table users; select pg_sleep(60)').catch(() => {})
    await until(
      async () =>
        (await query("select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")).length === 1,
    )
    const running = start('backup')
    await until(async () => (await query("select 1 from pg_locks where not granted and mode = 'AccessShareLock'")).length > 0)
    for (const { pid } of await tunnelsTo(ssh)) process.kill(pid, 'SIGKILL')
    expect(resultOf(await running.ended)).toMatchObject({ exitCode: 3, commands: [{ error: { code: 'connection-lost' } }] })
    const stored = await readdir(join(project.dir, '.shiplock', 'shop', 'backups'), { recursive: true }).catch(() => [])
    expect(stored.filter((path) => /\.(?:dump|json)$/.test(path))).toEqual([])
    await query("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
    await holding
  })
})

function flags(args: readonly string[]): Record<string, string> {
  return args.length === 0 ? {} : { [(args[0] as string).slice(2)]: args[1] as string }
}

function keyLines(): string[] {
  return ssh.key.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----'))
}

async function until(holds: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it never came to that')
    await sleep(50)
  }
}

/** The processes of this machine with their arguments, each followed by a NUL. */
async function processes(): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  return Promise.all(pids.map(async (pid) => ({ pid, command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })))
}

async function tunnelsTo({ port }: SshServer): Promise<{ pid: number; command: string }[]> {
  return (await processes()).filter(({ command }) => command.startsWith('ssh\0') && command.includes(`\0-p\0${port}\0`))
}
