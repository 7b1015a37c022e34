/** What a name says of a migration: numbered, the way back of one, or repeatable. */
export interface FlywayName {
  readonly kind: 'numbered' | 'undo' | 'repeatable'
  /** Its number as it is compared; missing for a repeatable. */
  readonly version: string | undefined
  /** Its number as the version table holds it, which keeps zeros. */
  readonly written: string
  /** With underscores for spaces, so that it is one word. */
  readonly description: string
  /** The name without its ending. */
  readonly id: string
}

const named = /^(?:([VU])(\d+(?:[._]\d+)*)(?:__([^/]*))?|R__([^/]*))\.sql$/i

/** Reads `V1.2__add_email.sql`, `U1.2__add_email.sql` and `R__totals.sql`; the ending alone may be in capitals. */
export function flywayName(fileName: string): FlywayName | undefined {
  const [, prefix, number, described, repeated] = named.exec(fileName) ?? []
  const first = fileName[0] as string
  const id = fileName.slice(0, -'.sql'.length)
  if (repeated !== undefined)
    return first === 'R' ? { kind: 'repeatable', version: undefined, written: '', description: oneWord(repeated), id } : undefined
  if (number === undefined || (first !== 'V' && first !== 'U')) return undefined
  const written = number.replaceAll('_', '.')
  const kind = prefix === 'V' ? 'numbered' : 'undo'
  return { kind, version: comparedVersion(written), written, description: oneWord(described ?? ''), id }
}

/** Without leading zeros and without parts that are zero at the end: to Flyway 1, 01 and 1.0 are one version. */
export function comparedVersion(written: string): string {
  const parts = written.split('.').map((part) => BigInt(part).toString())
  while (parts.length > 1 && parts.at(-1) === '0') parts.pop()
  return parts.join('.')
}

function oneWord(description: string): string {
  return description.replaceAll(' ', '_')
}
