import type { Keys } from './keys.ts'

/** How the keys of one release differ from those of another, whatever a host has. */
export interface KeyChanges {
  readonly added: readonly { readonly name: string; readonly need: 'required' | 'conditional' | 'optional' }[]
  readonly removed: readonly string[]
  /** Known before, and required now wherever they were not. */
  readonly becameRequired: readonly string[]
}

/** What `plan` says about keys. A key that goes on under another of its names has not changed. */
export function changesOfKeys(live: Keys, release: Keys): KeyChanges {
  const before = (names: ReadonlySet<string>) => [...names].map((name) => live.of(name)).find((key) => key !== undefined)
  return {
    added: release.all.flatMap((key) => (before(key.names) === undefined ? [{ name: key.name, need: needOf(key.required) }] : [])),
    removed: live.all.filter(({ names }) => ![...names].some((name) => release.of(name) ?? release.matches(name))).map(({ name }) => name),
    becameRequired: release.all.flatMap((key) => {
      const old = before(key.names)
      return old !== undefined && needOf(key.required) === 'required' && needOf(old.required) !== 'required' ? [key.name] : []
    }),
  }
}

function needOf(required: Keys['all'][number]['required']): 'required' | 'conditional' | 'optional' {
  if (required.kind !== 'known') return 'conditional'
  return required.value ? 'required' : 'optional'
}
