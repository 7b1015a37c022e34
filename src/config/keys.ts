import { configPathOf, type InputName, inputNames } from '../inputs.ts'

/** The keys of `shiplock.yml` as a tree: a section, or the input that a key sets. */
export type ConfigKeys = ReadonlyMap<string, ConfigKeys | InputName>

/** Built from the inputs, so that a new input has its key at once. */
export function configKeys(): ConfigKeys {
  const root = new Map<string, ConfigKeys | InputName>()
  for (const name of inputNames) {
    const path = configPathOf(name)
    if (path === undefined) continue
    const steps = path.split('.')
    let section = root
    for (const step of steps.slice(0, -1)) {
      const next = section.get(step) ?? new Map<string, ConfigKeys | InputName>()
      section.set(step, next)
      section = next as Map<string, ConfigKeys | InputName>
    }
    section.set(steps.at(-1) as string, name)
  }
  return root
}
