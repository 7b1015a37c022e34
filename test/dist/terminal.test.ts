import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeBinary, nodeVersions } from '../nodes.ts'
import { makeProject, start, startCli } from '../program.ts'

describe.each(nodeVersions)('the command line on Node %s', (version) => {
  test('tells its version and its help without a project', async () => {
    await using project = await makeProject()
    const options = { cwd: project.dir, node: nodeBinary(version) }
    const { version: released } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(await startCli(['--version'], options).ended).toMatchObject({ exitCode: 0, stdout: `${released}\n` })
    expect((await startCli(['--help'], options).ended).stdout).toContain('restore-drill')
    expect((await startCli(['migrate', '--help'], options).ended).stdout).toContain('--phase')
  })

  test('the released tarball runs as it is, without an installation and from any folder', async () => {
    await using project = await makeProject()
    const [{ filename }] = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--pack-destination', project.dir], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
    execFileSync('tar', ['xzf', join(project.dir, filename), '-C', project.dir])
    const cli = join(project.dir, 'package/dist/cli.js')
    const run = (...args: string[]) => start([cli, ...args], { cwd: project.dir, node: nodeBinary(version) }).ended
    expect((await run('--version')).exitCode).toBe(0)
    expect(await run('new', 'first', '--json')).toMatchObject({ exitCode: 0 })
    expect((await run('plan')).stdout).toContain('database-url is required')
  })
})

describe('new', () => {
  test('makes the next file in the right folder and never overwrites one', async () => {
    await using project = await makeProject()
    const run = (...args: string[]) => startCli(['new', ...args], { cwd: project.dir }).ended
    expect((await run('add_users_email')).stdout).toContain('db/migrations/0001_add_users_email.sql')
    expect((await run('--post', 'drop_users_name')).stdout).toContain('db/post_migrations/0002_drop_users_name.sql')
    expect((await run('third')).stdout).toContain('0003_third.sql')
    expect(await readdir(join(project.dir, 'db/post_migrations'))).toEqual(['0002_drop_users_name.sql'])
    expect((await run('../../etc/passwd')).exitCode).toBe(2)
  })

  test('keeps the width of the numbers, and uses time stamps where the folder does', async () => {
    await using project = await makeProject({ 'db/migrations/000007_a.sql': '' })
    expect((await startCli(['new', 'b'], { cwd: project.dir }).ended).stdout).toContain('000008_b.sql')
    await using stamped = await makeProject({ 'db/migrations/20200101120000_a.sql': '' })
    expect((await startCli(['new', 'b'], { cwd: stamped.dir }).ended).stdout).toMatch(/20\d{12}_b\.sql/)
  })

  test('goes on behind a file that is still to be written', async () => {
    await using project = await makeProject({ 'db/migrations/2999-01-02-000000_a/up.sql': '-- Your SQL goes here\n' })
    const made = await startCli(['new', 'b', '--layout', 'diesel'], { cwd: project.dir }).ended
    expect(made.stdout).toContain('2999-01-02-000001_b/up.sql')
  })

  test("writes goose's sections where goose's files are", async () => {
    await using project = await makeProject({ 'db/migrations/00001_a.sql': '-- +goose Up\nselect 1;\n' })
    await startCli(['new', 'b'], { cwd: project.dir }).ended
    expect(await readFile(join(project.dir, 'db/migrations/00002_b.sql'), 'utf8')).toContain('-- +goose Up')
  })
})

describe('the command line', () => {
  test.each([
    [['plan', '--lock-budget'], 'needs a value'],
    [['migrate', 'now', '--phase', 'pre'], 'does not take the word'],
    [['plan', '--nonsense=1'], 'there is no input'],
    [['planm'], 'Did you mean plan?'],
  ])('%j is refused with 2', async (args, text) => {
    await using project = await makeProject()
    const ended = await startCli(args, { cwd: project.dir }).ended
    expect(ended.exitCode).toBe(2)
    expect(ended.stdout).toContain(text)
  })

  test('with --json prints the result alone on standard output', async () => {
    await using project = await makeProject()
    const ended = await startCli(['plan', '--json', '--database-url', 'postgres://u:hunter22@127.0.0.1:1/d'], { cwd: project.dir }).ended
    expect(JSON.parse(ended.stdout)).toMatchObject({ schema: 'shiplock/result@1', exitCode: 2 })
    expect(ended.stderr).toContain('a password on the command line can be read')
    expect(ended.stdout + ended.stderr).not.toContain('hunter22')
  })

  test('prints no colour when it is not asked for', async () => {
    await using project = await makeProject()
    expect((await startCli(['plan'], { cwd: project.dir, env: { NO_COLOR: '1' } }).ended).stdout).not.toContain('\u001b')
  })
})

test('imports point one way: the linter refuses a domain file that knows an adapter, and a cycle', async () => {
  await using project = await makeProject({
    'src/migration/bad.ts': "import pg from 'pg'\nimport { x } from '../adapters/context.ts'\nconsole.log(pg, x)\n",
    'src/adapters/context.ts': "import { y } from './other.ts'\nexport const x = y\n",
    'src/adapters/other.ts': "import { x } from './context.ts'\nexport const y = x\n",
    'biome.json': await readFile('biome.json', 'utf8'),
  })
  const ended = await start([resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--colors=off', 'src'], { cwd: project.dir }).ended
  const text = ended.stdout + ended.stderr
  expect(ended.exitCode).toBe(1)
  expect(text).toContain('Only adapters talk to PostgreSQL.')
  expect(text).toContain('it does not know adapters')
  expect(text).toContain('noImportCycles')
  expect(text).toContain('noConsole')
})
