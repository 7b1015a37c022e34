import { numberedName } from './layout.ts'

/** What the folder of one migration holds, in layouts where each has its own. */
const inner = /^([^/.][^/]*)\/(?:up\.sql|down\.sql|metadata\.toml|migration\.sql)$/

/** Whether a path, counted from the folder of migrations, is a file of a migration that has a folder of its own. */
export function isNested(path: string): boolean {
  return inner.test(path)
}

/** Whether a path, counted from the folder of migrations, is one of those below it that some layout reads. */
export function isReadBelow(path: string): boolean {
  return isNested(path) || /^(?:[^./][^/]*\/)+[0-9][^/]*_[^/]*\.rb$/.test(path)
}

/** The folder of migrations that a path lies in, and the migration's name there: that of a file, or of its own folder. */
export function partsOfPath(path: string): { folder: string; name: string } {
  const parts = path.split('/')
  const own = isNested(parts.slice(-2).join('/')) && /^\d/.test(parts.at(-2) ?? '')
  const depth = own ? 2 : 1
  return { folder: parts.slice(0, -depth).join('/') || '.', name: parts.at(-depth) as string }
}

/** The version that a path stands for; `undefined` when its name has none. */
export function versionOfPath(path: string): string | undefined {
  const { name } = partsOfPath(path)
  return name === path.split('/').at(-1) ? numberedName(asSql(name))?.version : folderVersion(name)
}

/** `20260102030405` of `2026-01-02-030405_add_email`: what stands before the first underscore, without its dashes. */
export function folderVersion(name: string): string | undefined {
  const digits = (name.split('_')[0] as string).replaceAll('-', '')
  return /^\d{1,19}$/.test(digits) ? BigInt(digits).toString() : undefined
}

/** The version in a migration's id, as somebody types it. */
export function versionOfId(id: string): string | undefined {
  return /^\d{4}-\d\d-\d\d-\d{6}_/.test(id) ? folderVersion(id) : numberedName(`${id}.sql`)?.version
}

/** Number and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
export function numberedPaths(paths: readonly string[]): { version: string; id: string }[] {
  return paths.flatMap((path) => {
    const { name } = partsOfPath(path)
    if (path.endsWith(`/${name}`) || path === name) return numberedName(asSql(name)) ?? []
    const version = folderVersion(name)
    return version === undefined ? [] : [{ version, id: name }]
  })
}

/** Names count alike whatever language a migration is written in. */
function asSql(name: string): string {
  return name.replace(/\.(?:go|rb)$/i, '.sql')
}
