import { isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap } from 'yaml'
import type { Start } from './boot-commands.ts'

/** Commands of containers, in files of Compose and of Kubernetes, templates of Helm among them. */
export function containerStarts(text: string): readonly Start[] {
  if (!/\b(?:command|entrypoint|args)\b/.test(text)) return []
  return parseAllDocuments(withoutTemplates(text)).flatMap((document) => {
    const { contents } = document as { contents: Node | null }
    if (!isMap(contents)) return []
    const services = contents.get('services', true)
    if (isMap(services)) return services.items.flatMap(({ key, value }) => serviceStart(String(key), value))
    const isJob = ['Job', 'CronJob'].includes(String(contents.get('kind')))
    return [...podStarts(contents, isJob)]
  })
}

/** The words of a template's language are put out of the way; every other letter keeps its place. */
function withoutTemplates(text: string): string {
  return text
    .replaceAll(/^[ \t]*\{\{.*\}\}[ \t]*$/gm, (line) => ' '.repeat(line.length))
    .replaceAll(/\{\{.*?\}\}/g, (part) => '_'.repeat(part.length))
}

function serviceStart(name: string, service: unknown): Start[] {
  return isMap(service) ? containerStart(service, ['entrypoint', 'command'], `service ${name}`, 'job') : []
}

function* podStarts(node: unknown, isJob: boolean): Generator<Start> {
  if (isSeq(node)) for (const item of node.items) yield* podStarts(item, isJob)
  if (!isMap(node)) return
  for (const { key, value } of node.items) {
    const list = String(key)
    if ((list === 'initContainers' || list === 'containers') && isSeq(value)) {
      for (const container of value.items) {
        if (!isMap(container)) continue
        const place = `${list === 'containers' ? 'container' : 'init container'} ${String(container.get('name') ?? '')}`.trim()
        yield* containerStart(container, ['command', 'args'], place, isJob ? 'job' : 'start')
      }
    } else yield* podStarts(value, isJob)
  }
}

/** A list is run as it is, with the words of both keys; a text is read as a shell does. */
function containerStart(container: YAMLMap, keys: readonly [string, string], place: string, alone: Start['alone']): Start[] {
  const parts = keys.map((key) => container.get(key, true) as Node | undefined).filter((part) => part !== undefined)
  const [first] = parts
  if (first === undefined) return []
  const words = parts.flatMap((part) => (isSeq(part) ? part.items.map((item) => String(isScalar(item) ? item.value : item)) : []))
  const texts = parts.flatMap((part) => (isScalar(part) && typeof part.value === 'string' ? [part.value] : []))
  const offset = first.range?.[0] ?? 0
  if (texts.length === 0) return [{ offset, place, run: words, alone }]
  // an image's own program comes first: what follows it is its words
  return [{ offset, place, run: [...words.map(quoted), ...texts].join(' '), alone }]
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", '')}'`
}
