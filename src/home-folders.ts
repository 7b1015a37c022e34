import { access, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { InputName } from './inputs.ts'

interface Home {
  readonly layout: string
  /** The file that shows that the tool is at home here, and a text that it holds. */
  readonly shownBy: readonly [path: string, text: string]
  readonly pre: string
  readonly post: string
}

/** Rails, whose application is there before its first migration. */
export const railsHome: Home = {
  layout: 'rails',
  shownBy: ['config/application.rb', 'Rails::Application'],
  pre: 'db/migrate',
  post: 'db/post_migrate',
}

/** Where tools keep their migrations that have a place of their own in a project. */
const homes: readonly Home[] = [
  railsHome,
  {
    layout: 'prisma',
    shownBy: ['prisma/migrations/migration_lock.toml', 'provider'],
    pre: 'prisma/migrations',
    post: 'prisma/post_migrations',
  },
]

/** Post folders that nobody has to have named: before the first post migration they are not there. */
export const usualPostFolders: readonly string[] = ['db/post_migrations', ...homes.map(({ post }) => post)]

/** The folders of a tool that is at home here, where the usual one is not there and nobody names another tool; those of Rails always where it is named. */
export async function homeFolders(
  valueGiven: (name: InputName) => string | undefined,
  baseDir: string,
): Promise<readonly (readonly [InputName, string])[]> {
  const named = valueGiven('layout') ?? (valueGiven('migrate-command') === undefined ? undefined : 'command')
  for (const home of homes) {
    if (named !== undefined && named !== home.layout) continue
    if (named !== 'rails' && !(await isHome(home, baseDir))) continue
    return [
      ['migrations', home.pre],
      ['migrations-post', home.post],
    ]
  }
  return []
}

/** The layout of the tool that is at home here, and keeps its pre migrations in a folder that may still be empty. */
export async function layoutAtHome(folder: string, baseDir: string): Promise<string | undefined> {
  for (const home of homes) if (resolve(baseDir, home.pre) === folder && (await isHome(home, baseDir))) return home.layout
  return undefined
}

async function isHome({ shownBy: [path, text] }: Home, baseDir: string): Promise<boolean> {
  const file = await readFile(resolve(baseDir, path), 'utf8').catch(() => '')
  if (!file.includes(text)) return false
  return access(resolve(baseDir, 'db/migrations')).then(
    () => false,
    () => true,
  )
}
