/**
 * A program and its arguments, from a JSON array or from one argument a line. A text says what is wrong: nothing here
 * goes through a shell, so a line such as `bin/rails db:migrate` would be the name of one program.
 */
export function parseArgumentList(text: string): readonly string[] | string {
  const list = text.trimStart().startsWith('[') ? fromJson(text) : fromLines(text)
  if (typeof list === 'string') return list
  if (!list[0]) return 'must name a program'
  if (list.some((argument) => argument.includes('\0'))) return 'must hold no NUL character'
  return list
}

/** A command as people read it; what is no plain word is quoted as in JSON. */
export function showArguments(list: readonly string[]): string {
  return list.map((argument) => (/^[\w./:=@%+,-]+$/.test(argument) ? argument : JSON.stringify(argument))).join(' ')
}

const longestName = 80

/** The command in a sentence; the whole of it stands elsewhere. */
export function nameCommand(list: readonly string[]): string {
  const whole = showArguments(list)
  return whole.length <= longestName ? whole : `${whole.slice(0, longestName - 2)} …`
}

const forms = 'must be a JSON array such as ["bin/rails", "db:migrate"], or hold one argument a line'

function fromJson(text: string): readonly string[] | string {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : forms
  } catch {
    return forms
  }
}

function fromLines(text: string): readonly string[] | string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  return /\s/.test(lines[0] ?? '') ? `${forms}; there is no shell that would split it at blanks` : lines
}
