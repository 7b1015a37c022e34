import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { ReleaseError, systemCode } from '../errors.ts'
import type { SourceFile } from '../migration/migration.ts'
import { isReadBelow } from '../migration/migration-path.ts'

/** Larger files are no migrations and no queries. */
const largestFileBytes = 64 * 1024 * 1024

export async function readFolder(path: string, baseDir: string, depth?: 'nested'): Promise<readonly SourceFile[] | undefined> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    const flat = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
    const folders = depth === 'nested' ? entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')) : []
    const inner = await Promise.all(
      folders.map(async ({ name }) => (await readdir(join(path, name), { recursive: true })).map((file) => `${name}/${file}`)),
    )
    const names = [...flat, ...inner.flat().filter(isReadBelow)]
    return names.sort().map((name) => ({ ...readSourceFile(join(path, name), baseDir), name }))
  } catch (cause) {
    if (cause instanceof ReleaseError) throw cause
    if (systemCode(cause) === 'ENOENT') return undefined
    throw new ReleaseError('unreadable-file', `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
      hint: 'It must be a folder that this user may read.',
      cause,
    })
  }
}

/** Thousands of small files are read sooner one by one than by asking for each of them to be read. */
function readSourceFile(path: string, baseDir: string): SourceFile {
  const shown = relative(baseDir, path)
  const facts = statSync(path, { throwIfNoEntry: false })
  if (facts === undefined)
    throw new ReleaseError('unreadable-file', `${shown} is a link that leads nowhere.`, { hint: 'Move it out of the folder.' })
  if (facts.isDirectory()) {
    const name = basename(path)
    if (!/^\d/.test(name)) return { name, path: shown, bytes: new Uint8Array() }
    throw new ReleaseError(
      'unreadable-file',
      `${shown} is a link to a folder; a tool would take it for a migration, and Shiplock follows none.`,
      {
        hint: 'Put the folder itself in its place.',
      },
    )
  }
  if (!facts.isFile() || facts.size > largestFileBytes) {
    throw new ReleaseError('unreadable-file', `${shown} is ${facts.isFile() ? 'larger than 64 MiB' : 'no regular file'}.`, {
      hint: 'Move it out of the folder.',
    })
  }
  return { name: basename(path), path: shown, bytes: readFileSync(path) }
}

export async function writeNewFile(path: string, text: string, baseDir: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause
    throw new ReleaseError('file-exists', `${relative(baseDir, path)} exists already.`, {
      hint: 'Choose another name, or remove the file first: nothing is ever overwritten.',
      cause,
    })
  }
}

/** The program may have been started through a link, as npm makes them. */
export async function readShipped(path: string, program: string): Promise<string> {
  const file = join(dirname(await realpath(program)), '..', path)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw cause
    throw new ReleaseError('unreadable-file', `${path} is not there: this installation of Shiplock is not whole.`, {
      hint: 'Install the whole package again; the program alone does not hold the workflows.',
      cause,
    })
  }
}

export async function replaceFile(path: string, text: string, baseDir: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(fresh, text, { flag: 'wx' })
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true })
    if (systemCode(cause) === undefined) throw cause
    throw new ReleaseError('unreadable-file', `${relative(baseDir, path)} cannot be written (${systemCode(cause)}).`, {
      hint: 'Name a file in a folder that this user may write.',
      cause,
    })
  }
}

export async function readText(path: string, baseDir: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw new ReleaseError('unreadable-file', `${relative(baseDir, path)} cannot be read (${systemCode(cause)}).`, {
      hint: 'Check the path and the rights of this user.',
      cause,
    })
  }
}

export async function readAuthority(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    const pem = await readFile(path, 'utf8')
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem
  } catch (cause) {
    throw new ReleaseError('unreadable-file', `The authority ${path} cannot be read (${systemCode(cause)}).`, {
      hint: 'database-ca (or sslrootcert) must name a PEM file.',
      cause,
    })
  }
  throw new ReleaseError('unreadable-file', `${path} holds no certificate.`, { hint: 'database-ca (or sslrootcert) must name a PEM file.' })
}
