import { createReadStream } from 'node:fs'
import { ReleaseError, systemCode } from '../errors.ts'
import type { CommandEnd } from '../migration/team-run.ts'
import { startChild } from './process.ts'

type Take = (chunk: Uint8Array) => void

/** Hands over a file that may hold values; no part of it is kept. */
export async function streamFile(path: string, shown: string, take: Take): Promise<void> {
  try {
    for await (const chunk of createReadStream(path)) take(chunk)
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause
    throw new ReleaseError('unreadable-file', `${shown} cannot be read (${systemCode(cause)}).`, {
      hint: 'config-have names files on this machine; for another one name a command that prints the names: config-have-command.',
      cause,
    })
  }
}

/** Hands over what a program prints on standard output. What it says on standard error may hold values, and is dropped. */
export async function streamProgram(
  [program = '', ...args]: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly cwd: string; readonly signal: AbortSignal },
  take: Take,
): Promise<Pick<CommandEnd, 'exitCode' | 'signal'>> {
  const child = startChild(program, args, options)
  child.stdout.on('data', take)
  return child.ended
}
