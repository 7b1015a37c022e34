import { createHash } from 'node:crypto'
import { compactStamp } from '../units.ts'

/** What names a backup in the store. */
export interface BackupName {
  readonly project: string
  readonly environment: string
  readonly class: string
  readonly database: string
  readonly release: string
  /** The moment of the snapshot. */
  readonly at: Date
}

/** Whose backups are meant. */
export interface BackupScope {
  readonly project: string
  readonly environment: string
}

const dumpEnd = '.dump'
const manifestEnd = '.manifest.json'
const contentsEnd = '.contents.json'
const rolesEnd = '.roles.sql'
/** With both labels, the stamp and an ending a file name stays below the 255 bytes that file systems allow. */
const longestLabel = 80

/** `<project>/backups/<environment>/<class>/<YYYY>/<MM>/<DD>/<database>-<stamp>-<release>.dump` */
export function dumpKey(name: BackupName): string {
  const stamp = compactStamp(name.at)
  const day = `${stamp.slice(0, 4)}/${stamp.slice(4, 6)}/${stamp.slice(6, 8)}`
  const stem = `${keyLabel(name.database)}-${stamp}-${keyLabel(name.release)}`
  return `${classPrefix(name)}${day}/${stem}${dumpEnd}`
}

/** Every backup of an environment, whatever its class, has a key that starts with this. */
export function backupsPrefix({ project, environment }: BackupScope): string {
  return `${keyLabel(project)}/backups/${keyLabel(environment)}/`
}

/** A text as a part of a key: when anything had to be replaced, a hash keeps two different texts apart. */
export function keyLabel(text: string): string {
  const label = text.replace(/[^A-Za-z0-9._-]/gu, '-').slice(0, longestLabel)
  const readsAsFolder = label === '' || label === '.' || label === '..'
  return label === text && !readsAsFolder ? label : `${label}-${sha256(text).slice(0, 6)}`
}

/** Short and opaque, fit for outputs: `20261121T140410Z-1f0c2b7a`. */
export function backupId(key: string, at: Date): string {
  return `${compactStamp(at)}-${idHash(key)}`
}

/** The part of an id that depends on the key alone. */
export function idHash(key: string): string {
  return sha256(key).slice(0, 8)
}

export function isDumpKey(key: string): boolean {
  return key.endsWith(dumpEnd)
}

export function isManifestKey(key: string): boolean {
  return key.endsWith(manifestEnd)
}

export function manifestKeyOf(key: string): string {
  return `${key.slice(0, -dumpEnd.length)}${manifestEnd}`
}

/** The list of what the dump holds, beside it. */
export function contentsKeyOf(key: string): string {
  return `${key.slice(0, -dumpEnd.length)}${contentsEnd}`
}

/** The roles of the dump's server, beside it. */
export function rolesKeyOf(key: string): string {
  return `${key.slice(0, -dumpEnd.length)}${rolesEnd}`
}

export function dumpKeyOf(manifestKey: string): string {
  return `${manifestKey.slice(0, -manifestEnd.length)}${dumpEnd}`
}

/**
 * The stamp in a key's file name, comparable with `compactStamp`. A database or a release may be called like a stamp:
 * the days in the folders tell which one is meant.
 */
export function stampIn(key: string): string | undefined {
  const stamps = [...fileName(key).matchAll(/-(\d{8}T\d{6}Z)(?=-)/g)].map(([, stamp]) => stamp as string)
  const day = /\/(\d{4})\/(\d{2})\/(\d{2})\/[^/]*$/.exec(key)?.slice(1).join('')
  return stamps.find((stamp) => stamp.startsWith(`${day}T`)) ?? stamps[0]
}

/** Whether a key may be that of a snapshot of this moment: it says so, or says nothing. */
export function mayBeOf(key: string, at: Date): boolean {
  return stampIn(key) === undefined || fileName(key).includes(`-${compactStamp(at)}-`)
}

/** Everything of one backup has a key that starts with its stem and a dot. */
export interface Stem {
  /** As `keyLabel` writes it. */
  readonly database: string
  readonly stamp: string
}

/** What the key of a dump, or of something beside it, says; `undefined` when `dumpKey` cannot have made it. */
export function stemIn(key: string, scope: BackupScope & { readonly class: string }): Stem | undefined {
  const folder = classPrefix(scope)
  const stamp = stampIn(key)
  if (!key.startsWith(folder) || stamp === undefined) return undefined
  const [, day, file = ''] = /^(\d{4}\/\d{2}\/\d{2})\/([A-Za-z0-9._-]+)$/.exec(key.slice(folder.length)) ?? []
  const at = file.indexOf(`-${stamp}-`)
  const release = file.slice(at + stamp.length + 2)
  if (day?.replaceAll('/', '') !== stamp.slice(0, 8) || at < 1 || release.startsWith(dumpEnd)) return undefined
  return { database: file.slice(0, at), stamp }
}

/** Every backup of one class has a key that starts with this. */
export function classPrefix(scope: BackupScope & { readonly class: string }): string {
  return `${backupsPrefix(scope)}${keyLabel(scope.class)}/`
}

/** Whether a key may be that of a backup of this database; one without a stamp may be of any. */
export function mayBeOfDatabase(key: string, database: string): boolean {
  const stamp = stampIn(key)
  return stamp === undefined || fileName(key).startsWith(`${keyLabel(database)}-${stamp}-`)
}

function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
