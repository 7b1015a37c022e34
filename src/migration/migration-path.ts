import { numberedName } from './layout.ts'
import { comparedVersion, flywayName } from './layouts/flyway/file-name.ts'
import { isRepeatable, lineageOf, repeatableVersion } from './migration.ts'

/** What the folder of one migration holds, in layouts where each has its own; in other letters or deeper too, where the tools stop at it. */
const inner = /^[^/.][^/]*\/(?:[^/]+\/)*(?:up\.sql|down\.sql|metadata\.toml|migration\.sql)$/i

/** Whether a path, counted from the folder of migrations, may be a file of a migration that has a folder of its own. */
export function isNested(path: string): boolean {
  return inner.test(path)
}

/** A file in a folder below that of the migrations that Flyway or Rails, which read those too, would take. */
const below =
  /^(?:[^/.][^/]*\/)+(?:(?:[VUB]\d[^/]*|R__[^/]*|(?:before|after|create)[A-Z][^/]*)\.(?:sql|java|kt|class|py|sh|bash|ps1|bat|cmd)|\d[^/]*_[^/]*\.rb)$/i

/** Whether a path below the folder of migrations may be of some tool. */
export function isReadBelow(path: string): boolean {
  return isNested(path) || below.test(path)
}

/** The folder of migrations that a path lies in, and the migration's name there: that of a file, or of its own folder. */
export function partsOfPath(path: string): { folder: string; name: string } {
  const parts = path.split('/')
  const own = isNested(parts.slice(-2).join('/')) && /^\d/.test(parts.at(-2) ?? '')
  const depth = own ? 2 : 1
  return { folder: parts.slice(0, -depth).join('/') || '.', name: parts.at(-depth) as string }
}

/** The version that a path stands for, as `lineageOf` has it; `undefined` when its name has none. */
export function versionOfPath(path: string): string | undefined {
  const { name } = partsOfPath(path)
  return name === path.split('/').at(-1) ? named(asSql(name))?.version : folderVersion(name)
}

/** `20260102030405` of `2026-01-02-030405_add_email`: what stands before the first underscore, without its dashes. */
export function folderVersion(name: string): string | undefined {
  const digits = (name.split('_')[0] as string).replaceAll('-', '')
  return /^\d{1,19}$/.test(digits) ? BigInt(digits).toString() : undefined
}

/** The version in a migration's id, as somebody types it. */
export function versionOfId(id: string): string | undefined {
  return /^\d{4}-\d\d-\d\d-\d{6}_/.test(id) ? folderVersion(id) : named(`${id}.sql`)?.version
}

function named(fileName: string): { version: string; id: string } | undefined {
  const flyway = flywayName(fileName)
  if (flyway === undefined) return numberedName(fileName)
  const { kind, id, description, version = lineageOf(repeatableVersion(description, '')) } = flyway
  return kind === 'undo' ? undefined : { version, id }
}

/** A migration as somebody typed it, by its id or its version, as `lineageOf` has it; the file's ending does no harm. */
export function readTyped(typed: string): { readonly word: string; readonly version: string | undefined; readonly isVersion: boolean } {
  const word = typed.replace(/(?:(?:\.up)?\.sql|\.rb)$/i, '')
  const isVersion = /^\d{1,19}(?:\.\d{1,19})*$/.test(word)
  const version = isVersion ? comparedVersion(word) : versionOfId(word)
  // the name of a repeatable one is all the version that it has
  return { word, version, isVersion: isVersion || (version !== undefined && isRepeatable({ version })) }
}

/** Version, as `lineageOf` has it, and name of each path of a repository that a tool would take for a migration; a number stands there once a name. */
export function numberedPaths(paths: readonly string[]): { version: string; id: string }[] {
  return paths.flatMap((path) => {
    const { name } = partsOfPath(path)
    if (path.endsWith(`/${name}`) || path === name) return named(asSql(name)) ?? []
    const version = folderVersion(name)
    return version === undefined ? [] : [{ version, id: name }]
  })
}

/** Names count alike whatever language a migration is written in. */
function asSql(name: string): string {
  return name.replace(/\.(?:go|rb)$/i, '.sql')
}
