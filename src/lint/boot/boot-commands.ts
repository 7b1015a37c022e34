import { basename } from 'node:path/posix'
import { containerStarts } from './containers.ts'
import { dockerfileStarts } from './dockerfile.ts'
import { packageStarts } from './package-scripts.ts'
import { procfileStarts } from './procfile.ts'
import { shellCommands } from './shell.ts'
import { systemdStarts } from './systemd.ts'
import { migratingTool } from './tools.ts'

/** A place at which a service, or a job beside it, brings the database up to date. */
export interface BootCommand {
  readonly path: string
  /** In UTF-16 units of the file's text. */
  readonly offset: number
  /** From 1. */
  readonly line: number
  readonly command: string
  readonly tool: string
  /** Where in the file, such as `ExecStartPre` or `service app`. */
  readonly place: string
  /** `job`: a step of its own that ends with the migration, and no part of a service's start. */
  readonly when: 'start' | 'job'
}

/** What a file starts, before anybody has asked whether it migrates. */
export interface Start {
  readonly offset: number
  readonly place: string
  /** A shell's text, or the words of a command that no shell reads. */
  readonly run: string | readonly string[]
  /** What it counts for when it does nothing else than to migrate; `start` where something else follows in any case. */
  readonly alone: BootCommand['when']
}

/** Finds services that migrate when they start: then nobody decides which phase runs when. */
export function bootCommands(files: readonly BootFile[]): readonly BootCommand[] {
  // a team that leaves post migrations out when a service starts has phases
  return migrationsAtBoot(files.filter(({ text }) => !holdsPostBack(text)))
}

interface BootFile {
  readonly path: string
  readonly text: string
}

/** The same, whichever migrations the service leaves out. */
export function migrationsAtBoot(files: readonly BootFile[]): readonly BootCommand[] {
  return files.flatMap(({ path, text }) => {
    const read = readerOf(path)
    if (read === undefined) return []
    return read(text).flatMap((start) => {
      const commands = commandsOf(start.run)
      return commands.flatMap(({ words, start: at }): BootCommand[] => {
        const tool = migratingTool(words)
        if (tool === undefined) return []
        const offset = start.offset + (typeof start.run === 'string' && text.startsWith(start.run, start.offset) ? at : 0)
        const when = commands.length === 1 ? start.alone : 'start'
        const line = text.slice(0, offset).split('\n').length
        return [{ path, offset, line, command: words.join(' '), tool, place: start.place, when }]
      })
    })
  })
}

/** Whether a file of a repository may say what runs when a service starts. */
export function mayBootFile(path: string): boolean {
  return !/(?:^|\/)(?:node_modules|vendor|\.git|\.github)\//.test(path) && readerOf(path) !== undefined
}

type Reader = (text: string) => readonly Start[]

function readerOf(path: string): Reader | undefined {
  return readers.find(([pattern, folders]) => pattern.test(basename(path)) && (folders === undefined || folders.test(path)))?.[2]
}

const manifests = /(?:^|\/)(?:k8s|kubernetes|kube|helm|charts?|templates|deploy(?:ments?)?|manifests?|kustomize|overlays|base|infra)\//i

const readers: readonly (readonly [name: RegExp, folders: RegExp | undefined, read: Reader])[] = [
  [/\.service(?:\.\w+)?$/, undefined, systemdStarts],
  [/^(?:dockerfile|containerfile)(?:[.-].+)?$|\.(?:dockerfile|containerfile)$/i, undefined, dockerfileStarts],
  [/^(?:docker-)?compose[\w.-]*\.ya?ml$/, undefined, containerStarts],
  [/^package\.json$/, undefined, packageStarts],
  [/^Procfile(?:\.\w+)?$/, undefined, procfileStarts],
  [/^(?:[\w-]*entrypoint|start|boot|run|server)(?:\.(?:sh|bash))$/, undefined, scriptStarts],
  [/^(?:docker-)?entrypoint$|^(?:start|boot|server)$/, /(?:^|\/)(?:bin|scripts?|docker)\//, scriptStarts],
  [/\.ya?ml$/, manifests, containerStarts],
]

function scriptStarts(text: string): readonly Start[] {
  return [{ offset: 0, place: 'the start script', run: text, alone: 'start' }]
}

function holdsPostBack(text: string): boolean {
  return /^(?!\s*#).*\bSKIP_POST_DEPLOYMENT_MIGRATIONS\b\W{0,5}\w/m.test(text)
}

function commandsOf(run: Start['run']): readonly { readonly words: readonly string[]; readonly start: number }[] {
  const commands = typeof run === 'string' ? shellCommands(run) : [{ words: run, start: 0 }]
  return commands.flatMap((command) => {
    const script = scriptOf(command.words)
    return script === undefined ? [command] : shellCommands(script).map(({ words }) => ({ words, start: command.start }))
  })
}

/** What `sh -c "…"` runs. */
function scriptOf(words: readonly string[]): string | undefined {
  const shell = words.findIndex((word) => /^(?:\S*\/)?(?:sh|bash|ash|dash|zsh)$/.test(word))
  const flag = words.findIndex((word, index) => index > shell && /^-\w*c$/.test(word))
  return shell >= 0 && flag > shell ? words[flag + 1] : undefined
}
