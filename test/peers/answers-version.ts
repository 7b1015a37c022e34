import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Whether the program is there and says that it is this version; a leading v counts for nothing. */
export async function answersVersion(program: string, ask: readonly string[], version: string): Promise<boolean> {
  const { stdout, stderr } = await run(program, [...ask]).catch(() => ({ stdout: '', stderr: '' }))
  return new RegExp(`\\bv?${version.replace(/^v/, '').replaceAll('.', '\\.')}\\b`).test(stdout || stderr)
}
