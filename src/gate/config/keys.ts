import { any, type Formula } from './formula.ts'
import type { Contract, KeyLine } from './key-line.ts'

/** A key with all that the release says about it. */
export interface Key {
  readonly name: string
  /** Its name, and those that serve as well. */
  readonly names: ReadonlySet<string>
  /** When somebody must give it a value. */
  readonly required: Formula
  readonly lines: readonly KeyLine[]
}

/** The keys of a release. */
export interface Keys {
  readonly all: readonly Key[]
  /** The key that a name serves. */
  of(name: string): Key | undefined
  /** Whether a name is one that is put together when a template is rendered. */
  matches(name: string): boolean
}

/** Several templates and commands as one; `aliases` are further names, by name. */
export function keysOf(contracts: readonly Contract[], aliases: ReadonlyMap<string, string> = new Map()): Keys {
  const lines = withoutExamples(contracts.flatMap((one) => one.lines))
  const patterns = contracts.flatMap((one) => one.patterns)
  const main = new Map([...aliases, ...lines.flatMap((line) => line.aliases.map((alias) => [alias, line.name] as const))])
  const groups = new Map<string, KeyLine[]>()
  for (const line of lines) groups.set(mainName(line.name, main), [...(groups.get(mainName(line.name, main)) ?? []), line])
  const all = [...groups].map(([name, own]): Key => {
    const others = [...main.keys()].filter((alias) => mainName(alias, main) === name)
    const named = own.some((line) => line.name === name) ? name : (own[0] as KeyLine).name
    const required = any(own.filter(({ need }) => need === 'required').map(({ when }) => when))
    return { name: named, names: new Set([named, name, ...others]), required, lines: own }
  })
  const byName = new Map(all.flatMap((key) => [...key.names].map((name) => [name, key] as const)))
  return { all, of: (name) => byName.get(name), matches: (name) => patterns.some((one) => one.test(name)) }
}

/** The name without case and separators, which is how misspelt names are told. */
export function squashed(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
}

/** A comment that shows a wrong spelling of a key makes it no key. */
function withoutExamples(lines: readonly KeyLine[]): readonly KeyLine[] {
  const active = new Map(lines.filter(({ mentioned }) => !mentioned).map(({ name }) => [squashed(name), name]))
  return lines.filter(({ name, mentioned }) => !mentioned || [undefined, name].includes(active.get(squashed(name))))
}

function mainName(name: string, main: ReadonlyMap<string, string>): string {
  let found = name
  for (let steps = main.size; steps > 0 && main.has(found); steps--) found = main.get(found) as string
  return found
}
