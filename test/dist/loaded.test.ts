import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../program.ts'

const dist = resolve(import.meta.dirname, '../../dist')
const texts = new Map(readdirSync(dist).flatMap((name) => (name.endsWith('.js') ? [[name, readFileSync(join(dist, name), 'utf8')]] : [])))

describe('a plan with nothing pending and no configuration', () => {
  const loaded = [...loadedWith('src/terminal.ts'), ...loadedWith('src/run.ts'), ...loadedWith('src/commands/plan.ts')]
  const sources = [...new Set(loaded)].flatMap((name) =>
    [...(texts.get(name) ?? '').matchAll(/^\/\/ (\S+\.\w+)$/gm)].map(([, path]) => path),
  )

  test.each([
    ['the rules', /^src\/lint\/rules\//],
    ['the model of the schema', /^src\/sql\/schema\/replay/],
    ['the look ahead', /^src\/rollback\/(?:look-ahead|judge)\.ts$/],
    ['the parser', /node_modules\/libpg-query\//],
    ['YAML', /node_modules\/yaml\//],
    ['what reads the settings of squawk', /^src\/lint\/squawk-config\.ts$/],
    ['what reads a contract of keys', /^src\/gate\/config\/template-lines\.ts$/],
  ])('does not load %s', (_, pattern) => {
    expect(sources).toContain('src/commands/plan.ts')
    expect(sources.filter((path) => pattern.test(path ?? ''))).toEqual([])
  })
})

test('the functions of the parser are compiled once, quickly, and never again', async () => {
  const statements = Array.from({ length: 300 }, (_, n) => `create table t${n} (id bigint primary key, name text not null);`)
  await using project = await makeProject({ 'db/migrations/0001_many.sql': statements.join('\n') })
  const args = ['--trace-wasm-compilation-times', join(dist, 'cli.js'), 'lint', '--all']
  const { stdout } = spawnSync(process.execPath, args, { cwd: project.dir, encoding: 'utf8' })
  expect(stdout).toMatch(/^Compiled function .* using Liftoff/m)
  expect(stdout).not.toMatch(/^Compiled function .* using TurboFan/m)
})

/** The chunk that holds a source, and what it imports before it runs. */
function loadedWith(source: string): ReadonlySet<string> {
  const first = [...texts].find(([name, text]) => name !== 'main.js' && text.includes(`\n// ${source}\n`))?.[0]
  const found = new Set(first === undefined ? [] : [first])
  for (const name of found) {
    for (const [, other = ''] of (texts.get(name) ?? '').matchAll(/^import (?:.* from )?"\.\/(.+)";$/gm)) found.add(other)
  }
  return found
}
