import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { homeFolders, layoutAtHome } from '../../src/home-folders.ts'

const made: string[] = []
afterAll(() => Promise.all(made.map((dir) => rm(dir, { recursive: true }))))

async function project(...paths: string[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'home-'))
  made.push(dir)
  for (const path of paths) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), path.endsWith('.rb') ? 'class App < Rails::Application; end' : 'provider = "postgresql"')
  }
  return dir
}

const rails = ['db/migrate', 'db/post_migrate']
const prisma = ['prisma/migrations', 'prisma/post_migrations']
const prismaFile = 'prisma/migrations/migration_lock.toml'

test.each([
  ['a Rails application', ['config/application.rb'], {}, rails],
  ['the layout rails wherever it is named', [], { layout: 'rails' }, rails],
  ["Prisma's own folder", [prismaFile], {}, prisma],
  ['the layout prisma', [prismaFile], { layout: 'prisma' }, prisma],
  ['nothing of either', ['db/x.sql'], {}, undefined],
  ['the usual folder beside it', [prismaFile, 'db/migrations/0001_a.sql'], {}, undefined],
  ['another tool that is named', [prismaFile, 'config/application.rb'], { layout: 'goose' }, undefined],
  ["a team's own command", [prismaFile, 'config/application.rb'], { 'migrate-command': 'bin/migrate' }, undefined],
])('finds the folders with %s', async (_, paths, given: Readonly<Record<string, string>>, folders) => {
  const found = await homeFolders((name) => given[name], await project(...paths))
  expect(found.map(([, folder]) => folder)).toEqual(folders ?? [])
})

test.each([
  ['config/application.rb', 'db/migrate', 'rails'],
  ['config/application.rb', 'db/migrations', undefined],
  ['README.md', 'db/migrate', undefined],
  ['prisma/migrations/migration_lock.toml', 'prisma/migrations', 'prisma'],
])('where %s is, an empty %s is of the layout %s', async (path, folder, layout) => {
  const dir = await project(path)
  expect(await layoutAtHome(join(dir, folder), dir)).toBe(layout)
})
