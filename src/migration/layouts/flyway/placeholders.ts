import { ReleaseError } from '../../../errors.ts'
import { MappedText } from '../../../sql/mapped-text.ts'
import { positionFromUtf16 } from '../../../sql/position.ts'

export type Variables = Readonly<Record<string, string | undefined>>

interface Source {
  readonly path: string
  readonly name: string
  readonly text: string
}

export interface Replaced {
  readonly text: MappedText
  /** Whether the text hangs on variables. */
  readonly takesVariables: boolean
  /** The first placeholder without a value that is known here. */
  readonly missing: ReleaseError | undefined
}

/**
 * Puts values in the place of `${name}`, as Flyway does: everywhere, comments and dollar quotes included, and never after
 * another dollar sign, since it reads `$$` as one. Values come from FLYWAY_PLACEHOLDERS_NAME.
 */
export function replacePlaceholders({ path, name, text }: Source, variables: Variables): Replaced {
  const values = placeholderValues(variables)
  const parts: MappedText[] = []
  let missing: ReleaseError | undefined
  let takesVariables = false
  let plainFrom = 0
  for (const { 0: found, 1: key, index } of text.matchAll(/\$\{([\s\S]*?)(?:\}|$(?![\s\S]))|\$[\s\S]/g)) {
    if (key === undefined) continue
    const word = key.toLowerCase()
    const value = word === 'flyway:filename' ? name : values.get(word)
    takesVariables ||= word !== 'flyway:filename'
    if (value === undefined) missing ??= withoutValue(path, text, index, key)
    parts.push(MappedText.ofFile(text, plainFrom, index), MappedText.generated(value ?? '', index))
    plainFrom = index + found.length
  }
  return { text: MappedText.join(...parts, MappedText.ofFile(text, plainFrom)), takesVariables, missing }
}

const prefix = 'FLYWAY_PLACEHOLDERS_'

/** Names are the same in capitals and in small letters. */
function placeholderValues(variables: Variables): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(variables).flatMap(([name, value]) =>
      value !== undefined && name.startsWith(prefix) ? [[name.slice(prefix.length).toLowerCase(), value]] : [],
    ),
  )
}

/** What stands for Flyway's own placeholders in SQL. */
const inSql: Readonly<Record<string, string>> = {
  'flyway:user': 'current_user',
  'flyway:database': 'current_database()',
  'flyway:defaultschema': 'current_schema()',
}

function withoutValue(path: string, text: string, offset: number, key: string): ReleaseError {
  const { line, column } = positionFromUtf16(text, offset)
  const at = `${path}:${line}:${column}`
  const word = key.toLowerCase()
  if (word.startsWith('flyway:')) {
    const sql = inSql[word]
    return new ReleaseError('unsupported-migration', `${at}: only Flyway itself knows the value of \${${key}}.`, {
      at,
      hint: `${sql === undefined ? '' : `Write ${sql} instead. `}To have such files run by Flyway, use migrations.layout: command.`,
    })
  }
  const shown = /^\w{1,60}$/.test(key) ? key : undefined
  if (shown === undefined) {
    return new ReleaseError('invalid-migration', `${at} begins a placeholder that Flyway has no value for.`, {
      at,
      hint: 'Where no placeholder is meant, put placeholderReplacement=false into the file of the same name with .conf at its end.',
    })
  }
  return new ReleaseError('missing-variable', `${at} needs the placeholder \${${shown}}, which has no value.`, {
    at,
    hint: `Set FLYWAY_PLACEHOLDERS_${shown.toUpperCase()} in the step that runs this; what stands in flyway.toml or flyway.conf is read by Flyway alone.`,
  })
}
