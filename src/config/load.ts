import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml'
import { ReleaseError } from '../errors.ts'
import { type InputName, isInputName, traitsOf } from '../inputs.ts'
import { didYouMean } from '../nearest.ts'
import { type ConfigKeys, configKeys } from './keys.ts'

/** A raw value from `shiplock.yml` and where it stands, as `path:line:column`. */
export interface ConfigValue {
  readonly value: string
  readonly at: string
}

/** Larger files are not configuration; the limit also bounds what a hostile file can cost. */
const largestBytes = 256 * 1024

/**
 * Reads the text of `shiplock.yml` into raw strings by input name.
 * Throws `invalid-config` with all problems together, each with file, line and column.
 */
export function loadConfig(text: string, path: string): Map<InputName, ConfigValue> {
  if (text.length > largestBytes) {
    throw new ReleaseError('invalid-config', `${path} is larger than ${largestBytes / 1024} KiB.`, {
      hint: 'Keep only settings of Shiplock in it; the input config names another file.',
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const problems = document.errors.map((error) => `${at(error.pos[0])}: ${error.message}`)
  const values = new Map<InputName, ConfigValue>()
  if (problems.length === 0 && document.contents !== null) {
    if (isMap(document.contents)) readSection(document.contents, configKeys(), '')
    else problems.push(`${path}:1:1: the file must hold keys and values`)
  }
  if (problems.length > 0) {
    throw new ReleaseError('invalid-config', `The configuration cannot be used:\n  ${problems.join('\n  ')}`, {
      hint: 'docs/reference.md lists every key.',
      ...(problems.length === 1 ? { at: (problems[0] as string).split(': ')[0] as string } : {}),
    })
  }
  return values

  function readSection(section: YAMLMap, keys: ConfigKeys, prefix: string): void {
    for (const pair of section.items) readPair(pair as Pair, keys, prefix)
  }

  function readPair(pair: Pair, keys: ConfigKeys, prefix: string): void {
    const offset = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
    const name = isScalar(pair.key) ? String(pair.key.value) : ''
    const known = keys.get(name)
    if (known === undefined) {
      const elsewhere = prefix === '' && isInputName(name) && !isMap(pair.value) // a section is the misspelt name of one
      problems.push(
        elsewhere
          ? `${at(offset)}: ${name} does not belong in this file; give it as flag, input or environment variable.`
          : `${at(offset)}: unknown key ${JSON.stringify(prefix + name)}.${didYouMean(name, keys.keys())}`,
      )
    } else if (typeof known !== 'string') {
      if (isMap(pair.value)) readSection(pair.value, known, `${prefix}${name}.`)
      else problems.push(`${at(offset)}: ${prefix}${name} must be a section with keys of its own`)
    } else if (isScalar(pair.value) && pair.value.value !== null && !traitsOf(known).map && !traitsOf(known).json) {
      values.set(known, { value: scalarText(pair.value), at: at(pair.value.range?.[0] ?? offset) })
    } else if (traitsOf(known).json) {
      if (isMap(pair.value) || isSeq(pair.value)) {
        values.set(known, { value: JSON.stringify(pair.value.toJS(document)), at: at(pair.value.range?.[0] ?? offset) })
      } else problems.push(`${at(offset)}: ${prefix}${name} must be a list or a section`)
    } else if (traitsOf(known).map) {
      const value = isMap(pair.value) ? mapText(pair.value) : undefined
      if (value === undefined) problems.push(`${at(offset)}: ${prefix}${name} must be a section of single values`)
      else values.set(known, { value, at: at((pair.value as YAMLMap).range?.[0] ?? offset) })
    } else if (traitsOf(known).list) {
      const value = isSeq(pair.value) ? listText(pair.value) : undefined
      if (value === undefined) problems.push(`${at(offset)}: ${prefix}${name} must be a list of single values`)
      else values.set(known, { value, at: at((pair.value as YAMLSeq).range?.[0] ?? offset) })
    } else {
      problems.push(`${at(offset)}: ${prefix}${name} must be a single value`)
    }
  }
}

/** A list as a JSON array of its texts; `undefined` when it holds anything but single values. */
function listText({ items }: YAMLSeq): string | undefined {
  if (!items.every((item) => isScalar(item) && item.value !== null)) return undefined
  return JSON.stringify(items.map((item) => scalarText(item as { value: unknown })))
}

/** A section as lines of `name=value`; `undefined` when it holds anything but single values. */
function mapText({ items }: YAMLMap): string | undefined {
  const isSingle = (node: unknown): node is { value: unknown } => isScalar(node) && node.value !== null
  if (!items.every(({ key, value }) => isSingle(key) && isSingle(value))) return undefined
  return items.map(({ key, value }) => `${scalarText(key as { value: unknown })}=${scalarText(value as { value: unknown })}`).join('\n')
}

/** The text as it was written: `1.10` stays `1.10`. */
function scalarText(scalar: { value: unknown; source?: string | undefined }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}
