/** The tool that a command calls to bring a database up to date, in both phases at once; `undefined` when it calls none. */
export function migratingTool(words: readonly string[]): string | undefined {
  if (looksOnly.has(nameOf(words[0] ?? ''))) return undefined
  for (const [index, word] of words.entries()) {
    const tool = nameOf(word)
    if (migrates[tool]?.(words.slice(index + 1)) === true) return tool
  }
  return undefined
}

/** What names a tool and does not run it. */
const looksOnly = new Set([
  'echo',
  'printf',
  'which',
  'command',
  'cp',
  'mv',
  'rm',
  'chmod',
  'install',
  'go',
  'apt-get',
  'apk',
  'curl',
  'wget',
  'test',
  '[',
])

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1)
}

type Call = (rest: readonly string[]) => boolean

const has =
  (...any: readonly string[]): Call =>
  (rest) =>
    any.some((word) => rest.includes(word))

const begins =
  (...expected: readonly string[]): Call =>
  (rest) => {
    const words = rest.filter((word) => !word.startsWith('-'))
    return expected.every((word, index) => words[index] === word)
  }

const either =
  (...calls: readonly Call[]): Call =>
  (rest) =>
    calls.some((call) => call(rest))

const rails = has('db:migrate', 'db:prepare', 'db:setup')

const migrates: Readonly<Record<string, Call>> = {
  goose: has('up', 'up-by-one', 'up-to'),
  migrate: has('up', 'goto'),
  dbmate: has('up', 'migrate'),
  sqlx: begins('migrate', 'run'),
  prisma: either(begins('migrate', 'deploy'), begins('db', 'push')),
  diesel: begins('migration', 'run'),
  flyway: has('migrate'),
  liquibase: has('update'),
  rails,
  rake: rails,
  alembic: has('upgrade'),
  'manage.py': begins('migrate'),
  'django-admin': begins('migrate'),
  flask: begins('db', 'upgrade'),
  artisan: begins('migrate'),
  sequelize: has('db:migrate'),
  'sequelize-cli': has('db:migrate'),
  knex: has('migrate:latest', 'migrate:up'),
  typeorm: has('migration:run'),
  'typeorm-ts-node-commonjs': has('migration:run'),
  'typeorm-ts-node-esm': has('migration:run'),
  'node-pg-migrate': has('up'),
  'drizzle-kit': begins('migrate'),
  atlas: begins('migrate', 'apply'),
  tern: begins('migrate'),
  'sql-migrate': begins('up'),
  mix: has('ecto.migrate'),
  shiplock: (rest) => rest.includes('migrate') && !isPhased(rest),
}

function isPhased(rest: readonly string[]): boolean {
  const at = rest.findIndex((word) => word === '--phase' || word.startsWith('--phase='))
  const phase = rest[at] === '--phase' ? rest[at + 1] : rest[at]?.slice('--phase='.length)
  return at >= 0 && phase !== 'all'
}
