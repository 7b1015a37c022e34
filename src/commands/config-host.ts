import { resolve } from 'node:path'
import { nameCommand } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import { type HostNames, NameReader, unionOf } from '../gate/config/host-names.ts'
import type { UnreadList } from '../gate/config/sources.ts'
import type { InputValues } from '../inputs.ts'
import type { Context } from './command.ts'
import { streamCommand } from './stream-command.ts'

type Sources = Pick<InputValues, 'config-have' | 'config-have-command' | 'config-have-github' | 'github-token'>

interface Host extends HostNames {
  /** Where names were looked for, with how many there are. */
  readonly sources: readonly { readonly source: string; readonly count: number }[]
  readonly unread: readonly UnreadList[]
}

/** The names that the host has, from every place that was named. Throws where none was, and where one holds no name. */
export async function namesOfHost(given: Sources, context: Context): Promise<Host> {
  const { 'config-have': files = [], 'config-have-command': command, 'config-have-github': github, 'github-token': token } = given
  if (files.length === 0 && command === undefined && !github) {
    throw new ReleaseError('invalid-input', 'Nothing says which keys the host has.', {
      hint: 'Name a file with config-have, a command that prints the names with config-have-command, or set config-have-github.',
    })
  }
  const found: { source: string; names: HostNames }[] = []
  for (const file of files) {
    found.push(await read(file, (reader) => context.streamFile(resolve(context.baseDir, file), (chunk) => reader.push(chunk))))
  }
  if (command !== undefined) {
    found.push(
      await read(`the output of ${nameCommand(command)}`, (reader) => streamCommand(command, context, (chunk) => reader.push(chunk))),
    )
  }
  const onGitHub = github ? await namesOnGitHub(token, context) : undefined
  if (onGitHub !== undefined) {
    found.push({ source: 'variables and secrets on GitHub', names: { names: new Set(onGitHub.names), spaced: new Set() } })
  }
  return {
    ...unionOf(found.map(({ names }) => names)),
    sources: found.map(({ source, names: { names } }) => ({ source, count: names.size })),
    unread: onGitHub?.unread ?? [],
  }
}

async function read(source: string, stream: (reader: NameReader) => Promise<void>): Promise<{ source: string; names: HostNames }> {
  const reader = new NameReader()
  await stream(reader)
  const names = reader.end(source)
  if (names.names.size > 0) return { source, names }
  throw new ReleaseError('config-not-read', `${source} holds no name of a key.`, {
    hint: 'Lines such as NAME=value, or NAME alone, are read. A host that has no key yet gets its first before this check.',
  })
}

async function namesOnGitHub(token: string | undefined, context: Context) {
  if (token !== undefined) return context.namesOnGitHub(token)
  throw new ReleaseError('invalid-input', 'config-have-github needs github-token.', {
    hint: 'The GITHUB_TOKEN of a job may not read names of variables and secrets: give a fine-grained token, or one of an app, with the repository permissions "Environments: read", "Variables: read" and "Secrets: read".',
  })
}
