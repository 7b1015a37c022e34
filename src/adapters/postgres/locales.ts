import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runChild } from '../process.ts'

/**
 * Compiles the locales that this machine lacks into a folder, from the sources that the system has; needs no rights.
 * Returns the variables with which a server finds them. What cannot be compiled is left to the server to refuse.
 */
export async function provideLocales(
  names: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const known = await installedLocales(env)
  const missing = [...new Set(names)].filter((name) => !known.has(normalized(name)))
  const target = join(folder, 'locales')
  let compiled = false
  for (const name of missing) compiled = (await compile(name, target, env)) || compiled
  return compiled ? { LOCPATH: target } : {}
}

async function installedLocales(env: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const listed = await runChild('locale', ['-a'], { env }).catch(() => undefined)
  return new Set(['C', 'POSIX', ...(listed?.stdout.split('\n') ?? [])].map(normalized))
}

async function compile(name: string, target: string, env: Readonly<Record<string, string>>): Promise<boolean> {
  const [, language, charset = 'ISO-8859-1', variant = ''] = /^([a-z]{2,3}_[A-Z]{2})(?:\.([\w-]+))?(@\w+)?$/.exec(name) ?? []
  if (language === undefined) return false
  await mkdir(target, { recursive: true, mode: 0o755 })
  const path = join(target, name)
  // a warning makes it end with 1 although the locale is there
  await runChild('localedef', ['--no-archive', '-c', '-i', `${language}${variant}`, '-f', charset.replace(/^utf-?8$/i, 'UTF-8'), path], {
    env,
  }).catch(() => undefined)
  return access(join(path, 'LC_COLLATE')).then(
    () => true,
    () => false,
  )
}

/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
function normalized(name: string): string {
  return name.toLowerCase().replace(/(?<=\.)[\w-]+/, (charset) => charset.replaceAll('-', ''))
}
