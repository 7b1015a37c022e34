/** What the runner would obey in a job's log, after ActionCommand.cs and ActionCommandManager.cs of actions/runner. */
export interface WorkflowCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

const registered = new Set([
  'set-output',
  'save-state',
  'set-env',
  'add-path',
  'add-mask',
  'add-matcher',
  'remove-matcher',
  'internal-set-repo-path',
  'debug',
  'warning',
  'error',
  'notice',
  'group',
  'endgroup',
  'echo',
  'stop-commands',
])

/** .NET ends a line at CR and LF; the others are here because a proxy or a viewer may. */
const lineEnds = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

export function commandsIn(output: string): WorkflowCommand[] {
  return output.split(lineEnds).flatMap((line) => parseNew(line) ?? parseOld(line) ?? [])
}

/** `::name key=value,key=value::data`, after white space, at the start of the line. */
function parseNew(line: string): WorkflowCommand | undefined {
  const message = trimStart(line)
  if (!message.startsWith('::')) return undefined
  const end = message.indexOf('::', 2)
  return end < 0 ? undefined : command(message.slice(2, end), ',', message.slice(end + 2))
}

/** `##[name key=value;key=value]data`, anywhere; only the first `##[` of a line is looked at. */
function parseOld(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  return end < 0 ? undefined : command(line.slice(start + 3, end), ';', line.slice(end + 1))
}

function command(info: string, separator: string, data: string): WorkflowCommand | undefined {
  const space = info.indexOf(' ')
  const name = space < 0 ? info : info.slice(0, space)
  if (!registered.has(name)) return undefined
  const pairs =
    space < 0
      ? []
      : info
          .slice(space + 1)
          .split(separator)
          .map((pair) => pair.trim().split('='))
  return { name, properties: Object.fromEntries(pairs.filter((pair) => pair.length === 2)), data }
}

/** What `char.IsWhiteSpace` of .NET says; unlike JavaScript's, it counts U+0085 and not U+FEFF. */
function trimStart(line: string): string {
  return line.replace(/^[\t\n\v\f\r\u0085\p{Z}]+/u, '')
}
