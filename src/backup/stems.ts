import { type BackupScope, isDumpKey, isManifestKey, manifestKeyOf, type Stem, stemIn } from './key.ts'
import type { StoredObject } from './store.ts'

/** Everything in the store that belongs to one backup, or to what was to become one. */
export interface StemGroup extends Stem {
  readonly dumpKey: string
  /** In the order in which they may be deleted: without its manifest a backup is none. */
  readonly objects: readonly StoredObject[]
  readonly hasManifest: boolean
}

/** Files beside a dump whose dump is gone are known by their endings; what else lies there is not ours. */
const beside = /^(.*?)\.(?:dump\.drill-[^/]*\.json|roles\.sql|contents\.json)$/

/** The objects of one class by the backup that they belong to. Keys that no backup can have are left out. */
export function groupByStem(objects: readonly StoredObject[], scope: BackupScope & { readonly class: string }): StemGroup[] {
  const ours = objects.filter(({ key }) => stemIn(key, scope) !== undefined)
  const stems = new Set(ours.flatMap(({ key }) => ownStem(key) ?? []))
  const groups = new Map<string, StoredObject[]>()
  for (const object of ours) {
    const stem = ownStem(object.key) ?? longestStem(object.key, stems) ?? beside.exec(object.key)?.[1]
    if (stem !== undefined) groups.set(stem, [...(groups.get(stem) ?? []), object])
  }
  return [...groups].map(([stem, members]) => groupOf(stem, members, scope))
}

function groupOf(stem: string, members: readonly StoredObject[], scope: BackupScope & { readonly class: string }): StemGroup {
  const dumpKey = `${stem}.dump`
  const manifestKey = manifestKeyOf(dumpKey)
  const first = (wanted: string) => members.filter(({ key }) => key === wanted)
  const rest = members.filter(({ key }) => key !== dumpKey && key !== manifestKey)
  const manifest = first(manifestKey)
  const place = stemIn(dumpKey, scope) as Stem
  return { ...place, dumpKey, objects: [...manifest, ...first(dumpKey), ...rest], hasManifest: manifest.length > 0 }
}

/** A dump and a manifest have a stem of their own, and a drill's record has that of its dump. */
function ownStem(key: string): string | undefined {
  if (isManifestKey(key)) return key.slice(0, -'.manifest.json'.length)
  if (isDumpKey(key)) return key.slice(0, -'.dump'.length)
  return undefined
}

/** Releases may be called v1 and v1.9: the longer name is the one that is meant. */
function longestStem(key: string, stems: ReadonlySet<string>): string | undefined {
  for (let at = key.lastIndexOf('.'); at > 0; at = key.lastIndexOf('.', at - 1)) {
    if (stems.has(key.slice(0, at))) return key.slice(0, at)
  }
  return undefined
}
