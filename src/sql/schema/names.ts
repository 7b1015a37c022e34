import { nameKey, type Schema } from './schema.ts'

/** Bytes that a name may have. */
export const longestName = 63

/** A name of a relation that the server would choose: `table_column_suffix`, with a number when it is taken. */
export function chooseRelationName(
  schema: Schema,
  space: string,
  [first, second, label]: readonly [string, string | undefined, string],
  isConstraint = false,
): string {
  const taken = (name: string) => {
    const key = nameKey(space, name)
    return schema.names.has(key) || (isConstraint && schema.constraintNames.has(key))
  }
  return numbered(first, second, label, taken)
}

/** A name of a constraint that the server would choose; no other of the same schema has it. */
export function chooseConstraintName(
  schema: Schema,
  space: string,
  [first, second, label]: readonly [string, string | undefined, string],
): string {
  return numbered(first, second, label, (name) => schema.constraintNames.has(nameKey(space, name)))
}

/** Columns in a name that is made from several, up to where the server stops reading. */
export function joinedColumns(columns: readonly string[]): string {
  let joined = ''
  for (const column of columns) {
    joined = joined === '' ? column : `${joined}_${column}`
    if (!fits(joined)) break
  }
  return joined
}

/** Names of an index's own columns, each of which it has once. */
export function ownColumnNames(wanted: readonly string[]): string[] {
  const names: string[] = []
  for (const base of wanted) {
    let name = base
    for (let number = 1; names.includes(name); number++) {
      const digits = String(number)
      name = clip(Buffer.from(base), longestName - digits.length) + digits
    }
    names.push(name)
  }
  return names
}

/** A name as the server keeps it. */
export function clipped(name: string): string {
  return fits(name) ? name : clip(Buffer.from(name), longestName)
}

function numbered(first: string, second: string | undefined, label: string, taken: (name: string) => boolean): string {
  let name = compose(first, second, label)
  for (let number = 1; taken(name); number++) name = compose(first, second, `${label}${number}`)
  return name
}

/** Shortens the longer of two parts until all of it fits. */
function compose(first: string, second: string | undefined, label: string): string {
  const whole = second === undefined ? `${first}_${label}` : `${first}_${second}_${label}`
  if (fits(whole)) return whole
  const parts = [Buffer.from(first), second === undefined ? undefined : Buffer.from(second)] as const
  const room = longestName - Buffer.byteLength(label) - 1 - (second === undefined ? 0 : 1)
  let one = parts[0].length
  let two = parts[1]?.length ?? 0
  while (one + two > room) {
    if (one > two) one--
    else two--
  }
  return [clip(parts[0], one), ...(parts[1] === undefined ? [] : [clip(parts[1], two)]), label].join('_')
}

/** A character has at most three bytes for each of its UTF-16 units. */
function fits(name: string): boolean {
  return name.length * 3 <= longestName || Buffer.byteLength(name) <= longestName
}

/** Never cuts a character in two. */
function clip(bytes: Buffer, length: number): string {
  let end = Math.min(length, bytes.length)
  while (end > 0 && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
