import { join, relative, resolve } from 'node:path'
import picomatch from 'picomatch'
import { nameCommand } from '../argument-list.ts'
import { ReleaseError } from '../errors.ts'
import type { Contract } from '../gate/config/key-line.ts'
import { readPrintedKeys } from '../gate/config/printed-keys.ts'
import { readTemplate } from '../gate/config/template.ts'
import type { InputValues } from '../inputs.ts'
import type { Context } from './command.ts'
import { streamCommand } from './stream-command.ts'

/** What the checkout says about the keys that it needs. Throws where it says nothing. */
export async function contractsOfRelease(
  given: Pick<InputValues, 'config-template' | 'config-command'>,
  context: Context,
): Promise<readonly Contract[]> {
  const { 'config-template': globs, 'config-command': command } = given
  if (globs === undefined && command === undefined) {
    throw new ReleaseError('invalid-input', 'Nothing says which keys the release needs.', {
      hint: 'Name an env template with config-template, such as .env.example, or with config-command a command that prints the names.',
    })
  }
  const templates = globs === undefined ? [] : await templatesOfCheckout(globs, context)
  const contracts = templates.map(({ path, text }) => readTemplate(path, text))
  if (command === undefined) return contracts
  let printed = ''
  const decoder = new TextDecoder()
  await streamCommand(command, context, (chunk) => {
    printed += decoder.decode(chunk, { stream: true })
  })
  context.log.info(`${nameCommand(command)} has printed the keys of the release`)
  return [...contracts, readPrintedKeys(printed)]
}

/** What another commit said about its keys, as far as templates do; a template that it does not have says nothing. */
export async function contractsAt(commit: string, globs: readonly string[], context: Context): Promise<readonly Contract[]> {
  const files = await context.gitFiles(commit, picomatch(paths(globs, context), { dot: true }))
  return files.map(({ path, bytes }) => readTemplate(path, new TextDecoder().decode(bytes)))
}

async function templatesOfCheckout(globs: readonly string[], context: Context) {
  const found = new Map<string, string>()
  for (const glob of paths(globs, context)) {
    const named = picomatch.scan(glob).isGlob ? await tracked(glob, context) : [glob]
    const texts = await Promise.all(named.map((path) => context.readText(join(context.baseDir, path))))
    const here = named.flatMap((path, index) => (texts[index] === undefined ? [] : [[path, texts[index]] as const]))
    if (here.length === 0) {
      throw new ReleaseError('unreadable-file', `config-template finds no file: ${glob}.`, {
        hint: 'Paths count from the folder of shiplock.yml; a glob finds files that git knows.',
      })
    }
    for (const [path, text] of here) found.set(path, text)
  }
  return [...found].map(([path, text]) => ({ path, text }))
}

/** As git names them. */
function paths(globs: readonly string[], { baseDir }: Context): string[] {
  return globs.map((glob) => relative(baseDir, resolve(baseDir, glob)))
}

async function tracked(glob: string, context: Context): Promise<readonly string[]> {
  const matches = picomatch(glob, { dot: true })
  return (await context.trackedPaths()).filter((path) => matches(path))
}
