import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeWorkspace, sweepWorkspaces } from '../../src/adapters/workspace.ts'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

let root: string
const children: ChildProcess[] = []
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'roots-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await rm(root, { recursive: true, force: true })
})

/** A folder as a run leaves it that was killed. */
async function abandoned(changes: Record<string, unknown> = {}): Promise<string> {
  const { path } = await makeWorkspace({ roots: [root] })
  const marker = join(path, 'owner.json')
  const owner = JSON.parse(await readFile(marker, 'utf8'))
  await writeFile(marker, JSON.stringify({ ...owner, pid: spawnSync('true').pid, ...changes }))
  return path
}

async function swept(): Promise<readonly string[]> {
  return (await sweepWorkspaces([root])).filter((path) => path.startsWith(root))
}

describe('a workspace', () => {
  test('is private, whatever the umask, and is gone at the end of its scope', async () => {
    const umask = process.umask(0)
    let path: string
    try {
      await using workspace = await makeWorkspace({ roots: [root] })
      path = workspace.path
      expect(path).toMatch(/\/shiplock-[A-Za-z0-9]{6}$/)
      expect((await stat(path)).mode & 0o777).toBe(0o700)
      expect((await stat(join(path, 'owner.json'))).mode & 0o777).toBe(0o600)
      await writeFile(join(path, 'file'), 'x')
    } finally {
      process.umask(umask)
    }
    expect(existsSync(path)).toBe(false)
  })

  test('says who made it: process and start time', async () => {
    await using workspace = await makeWorkspace({ roots: [root] })
    const owner = JSON.parse(await readFile(join(workspace.path, 'owner.json'), 'utf8'))
    expect(owner.pid).toBe(process.pid)
    if (process.platform === 'linux') expect(owner.startTime).toMatch(/^\d+$/)
  })

  test('goes to the next root when one cannot be used', async () => {
    await using workspace = await makeWorkspace({ roots: [join(root, 'missing'), root] })
    expect(workspace.path.startsWith(root)).toBe(true)
    await using last = await makeWorkspace({ roots: [join(root, 'missing')] })
    expect(last.path).toMatch(/^\/(?:var\/)?tmp\/|^\/private\//)
  })

  test.runIf(isRoot)('belongs to the account that works in it, below a root that the account can enter', async () => {
    const closed = join(root, 'closed')
    await mkdir(closed, { mode: 0o700 })
    await using workspace = await makeWorkspace({ roots: [closed], owner: nobody })
    expect(workspace.path.startsWith(closed)).toBe(false)
    const { uid, gid, mode } = await stat(workspace.path)
    expect({ uid, gid, mode: mode & 0o777 }).toEqual({ ...nobody, mode: 0o700 })
    expect(spawnSync('touch', [join(workspace.path, 'mine')], nobody).status).toBe(0)
  })

  test('that is kept stays, also for later sweeps', async () => {
    let path: string
    {
      await using workspace = await makeWorkspace({ roots: [root] })
      path = workspace.path
      await workspace.keep()
    }
    expect(await swept()).toEqual([])
    expect(existsSync(path)).toBe(true)
  })
})

describe('a sweep', () => {
  test('removes the folder of a process that is dead', async () => {
    const path = await abandoned()
    await writeFile(join(path, 'file'), 'x')
    expect(await swept()).toEqual([path])
    expect(existsSync(path)).toBe(false)
  })

  test.runIf(process.platform === 'linux')('knows that a process id was used again, and that the machine was started anew', async () => {
    const paths = [await abandoned({ pid: process.pid, startTime: '1' }), await abandoned({ pid: process.pid, boot: 'another' })]
    expect([...(await swept())].sort()).toEqual(paths.sort())
  })

  test('leaves what a living process works in', async () => {
    await using workspace = await makeWorkspace({ roots: [root] })
    expect(await swept()).toEqual([])
    expect(existsSync(workspace.path)).toBe(true)
  })

  test('leaves what belongs to another container, whose processes it cannot see', async () => {
    const path = await abandoned({ pidNamespace: 'pid:[1]' })
    expect(await swept()).toEqual([])
    expect(existsSync(path)).toBe(true)
  })

  test('leaves folders without a readable owner, links, and other names', async () => {
    const target = await abandoned()
    await rm(join(target, 'owner.json'))
    const elsewhere = join(root, 'elsewhere')
    await rename(await abandoned(), elsewhere)
    await symlink(elsewhere, join(root, 'shiplock-linked'))
    const linkedOwner = await abandoned()
    await rm(join(linkedOwner, 'owner.json'))
    await writeFile(join(root, 'owner.json'), '{"pid":1}')
    await symlink(join(root, 'owner.json'), join(linkedOwner, 'owner.json'))
    const garbled = await abandoned()
    await writeFile(join(garbled, 'owner.json'), 'not JSON')
    const other = join(root, 'other-abcdef')
    await mkdir(other)
    await writeFile(join(other, 'owner.json'), '{"pid":999999}')
    expect(await swept()).toEqual([])
    for (const path of [target, elsewhere, linkedOwner, garbled, other]) expect(existsSync(path)).toBe(true)
  })

  test('goes on after a folder that it cannot judge', async () => {
    await writeFile(join(await abandoned(), 'owner.json'), '{')
    const path = await abandoned()
    expect(await swept()).toEqual([path])
  })

  test.runIf(isRoot)('by root leaves what another user made', async () => {
    const path = await abandoned()
    spawnSync('chown', ['-R', '65534:65534', path])
    expect(await swept()).toEqual([])
  })

  test('never signals a process only because a postmaster.pid names it', async () => {
    const path = await abandoned()
    await mkdir(join(path, 'data'))
    const bystander = spawn('sleep', ['60'], { cwd: join(path, 'data') })
    children.push(bystander)
    await writeFile(join(path, 'data', 'postmaster.pid'), `${bystander.pid}\n${join(path, 'data')}\n`)
    expect(await swept()).toEqual([path])
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
  })

  test('of a root that does not exist finds nothing', async () => {
    expect((await sweepWorkspaces([join(root, 'missing')])).filter((path) => path.startsWith(root))).toEqual([])
  })
})
