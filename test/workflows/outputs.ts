import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const action = parse(readFileSync(join(import.meta.dirname, '../../action.yml'), 'utf8')) as { outputs: Record<string, unknown> }

/** The outputs of a step that names these commands, one a line. */
export function outputNames(commands: string): readonly string[] {
  const names = commands
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0])
  return Object.keys(action.outputs).filter(
    (output) => output === 'verdict' || output === 'result' || names.some((name) => output.startsWith(`${name}-`)),
  )
}
