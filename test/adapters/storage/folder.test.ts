import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderOfUrl, folderStore } from '../../../src/adapters/storage/folder.ts'
import { storeContract } from './store-contract.ts'

const never = new AbortController().signal
const now = () => new Date()
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shiplock-folder-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

storeContract('a folder', async () => folderStore(join(root, 'store'), now))

describe('a folder', () => {
  test('is for its owner alone, whatever the umask says', async () => {
    const umask = process.umask(0)
    try {
      await folderStore(join(root, 'store'), now).put('a/b.dump', words('x'), never)
    } finally {
      process.umask(umask)
    }
    const mode = async (path: string) => ((await stat(join(root, path))).mode & 0o777).toString(8)

    expect([await mode('store'), await mode('store/a'), await mode('store/a/b.dump')]).toEqual(['700', '700', '600'])
  })

  test('that it makes itself is kept out of git, and the file for that is no object', async () => {
    const store = folderStore(join(root, 'store'), now)
    await store.put('a/b.dump', words('x'), never)
    expect(await readFile(join(root, 'store/.gitignore'), 'utf8')).toBe('*\n')
    expect((await store.list('')).map(({ key }) => key)).toEqual(['a/b.dump'])
    await folderStore(root, now).put('c.dump', words('x'), never)
    expect(await readdir(root)).not.toContain('.gitignore')
  })

  test('holds no partial file after a failure', async () => {
    const source = new PassThrough()
    const put = folderStore(root, now).put('a/b.dump', source, never)
    source.write('half')
    await sleep(30)
    const during = await readdir(join(root, 'a'))
    source.destroy(new Error('broke'))
    await put.catch(() => {})

    expect(during).toEqual([expect.stringMatching(/^\.partial-/)])
    expect(await readdir(join(root, 'a'))).toEqual([])
  })

  test('never takes what a killed process left behind for an object', async () => {
    const store = folderStore(root, now)
    await mkdir(join(root, 'a'))
    await writeFile(join(root, 'a/.partial-1-x.dump'), 'half')

    expect(await store.list('')).toEqual([])
    expect(await store.list('a/.partial-')).toEqual([])
    expect(await store.head('a/.partial-1-x.dump')).toBeUndefined()
    await expect(store.get('a/.partial-1-x.dump')).rejects.toMatchObject({ code: 'backup-not-found' })
    await expect(store.put('a/.partial-2', words('x'), never)).rejects.toMatchObject({ code: 'invalid-store' })
  })

  test('removes what a killed process left behind a day ago, wherever it lies, and nothing younger', async () => {
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000)
    await mkdir(join(root, 'a/b'), { recursive: true })
    await writeFile(join(root, 'a/b/.partial-old'), 'half')
    await utimes(join(root, 'a/b/.partial-old'), hours(25), hours(25))
    await writeFile(join(root, 'a/b/.partial-young'), 'half')
    await utimes(join(root, 'a/b/.partial-young'), hours(23), hours(23))
    await folderStore(root, now).put('c', words('x'), never)

    expect(await readdir(join(root, 'a/b'))).toEqual(['.partial-young'])
  })

  test('reads through links to other disks, and stops at a loop', async () => {
    const disk = join(root, 'disk')
    await mkdir(join(root, 'store'), { recursive: true })
    await mkdir(disk)
    await symlink(disk, join(root, 'store/daily'))
    await symlink(join(root, 'store'), join(disk, 'loop'))
    const store = folderStore(join(root, 'store'), now)
    await store.put('daily/a', words('x'), never)

    expect((await store.list('daily/a')).map(({ key }) => key)).toEqual(['daily/a'])
    expect(await text(await store.get('daily/a'))).toBe('x')
  })

  test('does not overwrite through a link that leads nowhere', async () => {
    await symlink(join(root, 'nowhere'), join(root, 'a'))

    await expect(folderStore(root, now).put('a', words('x'), never)).rejects.toMatchObject({ code: 'backup-exists' })
  })

  test('takes a folder or a pipe for no object', async () => {
    await mkdir(join(root, 'a'))
    const store = folderStore(root, now)

    expect(await store.head('a')).toBeUndefined()
    await expect(store.get('a')).rejects.toMatchObject({ code: 'backup-not-found' })
  })

  test('is refused when a file stands in its place', async () => {
    await writeFile(join(root, 'file'), '')
    const store = folderStore(join(root, 'file'), now)
    const refused = { code: 'invalid-store', message: expect.stringContaining('is not a folder') }

    await expect(store.put('a', words('x'), never)).rejects.toMatchObject(refused)
    await expect(store.list('')).rejects.toMatchObject(refused)
    await expect(store.get('a')).rejects.toMatchObject(refused)
    await expect(store.head('a')).rejects.toMatchObject(refused)
    await expect(folderStore(join(root, 'file/below'), now).put('a', words('x'), never)).rejects.toMatchObject(refused)
  })

  test('says when an object stands where a key needs a folder', async () => {
    const store = folderStore(root, now)
    await store.put('a', words('x'), never)

    await expect(store.put('a/b', words('x'), never)).rejects.toMatchObject({
      code: 'invalid-store',
      message: expect.stringContaining('A file stands where the store needs a folder'),
    })
    expect(await store.head('a/b')).toBeUndefined()
  })

  test('says which folder may not be used', async () => {
    await chmod(root, 0o555)
    const store = folderStore(root, now)
    const refused = { code: 'invalid-store', hint: expect.stringContaining(root) }

    await asOrdinaryUser(async () => {
      await expect(store.put('a/b', words('x'), never)).rejects.toMatchObject(refused)
    })
    await chmod(root, 0o000)
    await asOrdinaryUser(async () => {
      await expect(store.list('')).rejects.toMatchObject(refused)
      await expect(store.get('a')).rejects.toMatchObject(refused)
      await expect(store.head('a')).rejects.toMatchObject(refused)
    })
    await chmod(root, 0o700)
  })

  test('says when the names are too long', async () => {
    await expect(folderStore(root, now).put('a'.repeat(300), words('x'), never)).rejects.toMatchObject({ code: 'invalid-store' })
  })
})

describe('the folder of a URL', () => {
  test('is its path', () => {
    expect(folderOfUrl('file:///srv/my%20backups')).toBe('/srv/my backups')
  })

  test.each(['file:///a%2Fb', 'file://host/a', 'file:///%'])('refuses %s', (url) => {
    expect(() => folderOfUrl(url)).toThrow(expect.objectContaining({ code: 'invalid-store' }))
  })
})

function words(content: string): Readable {
  return Readable.from([Buffer.from(content)])
}

/** Rights mean nothing to root: as root, the work is done as somebody else. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work()
  process.seteuid?.(65534)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}
