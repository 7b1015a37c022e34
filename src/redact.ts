import { type Connection, parseConnection } from './connection.ts'

/** Removes known secrets from every text that leaves the process. */
export class Redactor {
  /** The longest first. */
  #secrets: readonly string[] = []

  /** Shorter texts are not removed: they would blank half the log and protect nothing. */
  static readonly shortest = 4

  add(secret: string): void {
    if (secret.length < Redactor.shortest) return
    this.#secrets = [...new Set([...this.#secrets, secret])].sort((a, b) => b.length - a.length)
  }

  get isEmpty(): boolean {
    return this.#secrets.length === 0
  }

  /** The text with each secret replaced, longest first, so that a secret inside another leaves nothing behind. */
  redact(text: string): string {
    let clean = text
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '***')
    return clean
  }

  has(text: string): boolean {
    return this.redact(text) !== text
  }
}

/** Every form in which the secret of a connection string may turn up in a log; a text that cannot be parsed included. */
export function secretForms(url: string): string[] {
  const connection = tryParse(url)
  const forms = new Set<string>()
  if (connection?.password !== undefined || connection === undefined) forms.add(url)
  const raw = /\/\/[^:/]*:(.*)@/s.exec(url)?.[1]
  if (raw !== undefined) forms.add(raw)
  const password = connection?.password
  if (password !== undefined) {
    forms.add(password)
    forms.add(encodeURIComponent(password))
    forms.add(JSON.stringify(password).slice(1, -1))
    forms.add(Buffer.from(`${connection?.user}:${password}`).toString('base64'))
    forms.add(Buffer.from(password).toString('base64'))
  }
  return [...forms].filter((form) => form.length > 0)
}

function tryParse(url: string): Connection | undefined {
  try {
    return parseConnection(url)
  } catch {
    return undefined
  }
}

/** Fields with words of our own: a password that happens to be "pass" must not blank a verdict. */
const ownWords = new Set(['schema', 'tool', 'command', 'verdict', 'status', 'code', 'startedAt', 'finishedAt'])

/** A result without secrets: only its texts are touched, never its keys. */
export function redacted<T>(value: T, redactor: Redactor): T {
  if (redactor.isEmpty) return value
  const clean = (one: unknown, key: string): unknown => {
    if (typeof one === 'string') return ownWords.has(key) ? one : redactor.redact(one)
    if (Array.isArray(one)) return one.map((item) => clean(item, key))
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, clean(inner, name)]))
  }
  return clean(value, '') as T
}
