import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { makeProject, type Project, shiplock } from '../program.ts'
import { makeRepository } from '../repository.ts'
import type { Template } from '../workflows/templates.ts'

let project: Project
beforeEach(async () => {
  project = await makeProject({ 'db/migrations/0001_users.sql': '-- +goose Up\ncreate table users (id int);\n' })
})
afterEach(() => project[Symbol.asyncDispose]())

const init = async (...args: string[]) => (await shiplock(['init', ...args], { cwd: project.dir })).result.commands[0]
const read = (path: string) => readFile(join(project.dir, path), 'utf8')

test('writes the workflows and the settings of the layout that it finds', async () => {
  expect(await init('--deploy-command', './deploy.sh {environment}', '--histogram', 'http_seconds')).toMatchObject({
    verdict: 'pass',
    written: [
      '.github/workflows/release.yml',
      '.github/workflows/post-deploy.yml',
      '.github/workflows/rollback.yml',
      '.github/workflows/lint.yml',
      '.github/workflows/restore-drill.yml',
      '.github/workflows/backup.yml',
      'shiplock.yml',
    ],
    next: expect.arrayContaining(['Look through shiplock.yml: the layout in it is goose, since 1 of 1 files carry -- +goose Up.']),
  })
  expect(parse(await read('shiplock.yml'))).toMatchObject({
    migrations: { layout: 'goose', pre: 'db/migrations', post: 'db/post_migrations' },
    canary: { checks: [{ id: 'p95', requests: 'sum(increase(http_seconds_count[$window]))' }] },
  })
})

test('says that the layout is to be named where the files do not show one alone', async () => {
  await project.write({ 'db/migrations/0002_more.sql': '-- migrate:up\n-- migrate:down\n' })
  const said = expect.stringMatching(/^Name the layout in shiplock\.yml .*goose \(1 of 2 files .* or dbmate/)
  expect(await init('--workflows', 'lint')).toMatchObject({ verdict: 'pass', next: expect.arrayContaining([said]) })
  expect(parse(await read('shiplock.yml')).migrations.layout).toBeUndefined()
})

test('writes settings that every other command reads', async () => {
  await init('--histogram', 'http_seconds', '--prometheus-url', 'https://prometheus.example.com', '--store', 's3://backups/shop')
  const { result } = await shiplock(['plan'], { cwd: project.dir, env: { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' } })
  expect(result.commands[0]?.error?.code).toBe('connection-failed')
})

test('in a folder of a repository writes the workflows where GitHub looks for them, with the way to the settings', async () => {
  await using repository = await makeRepository({ 'services/shop/db/migrations/1_users.sql': 'create table users (id int);' })
  const cwd = join(repository.dir, 'services/shop')
  const started = await shiplock(['init', '--workflows', 'lint,release'], { cwd })
  expect(started.result.commands[0]).toMatchObject({
    written: ['../../.github/workflows/services-shop-lint.yml', '../../.github/workflows/services-shop-release.yml', 'shiplock.yml'],
  })
  for (const name of ['lint', 'release']) {
    const text = await readFile(join(repository.dir, `.github/workflows/services-shop-${name}.yml`), 'utf8')
    const steps = Object.values((parse(text) as Template['workflow']).jobs).flatMap((job) => job.steps)
    const configs = steps.map(({ uses = '', with: given = {} }) => (uses.startsWith('OWNER/') ? given.config : 'none'))
    expect(new Set(configs)).toEqual(new Set(['none', 'services/shop/shiplock.yml']))
  }
  expect((await shiplock(['init', '--check', '--workflows', 'lint'], { cwd })).result.commands[0]?.reason).toBe(
    'Every workflow is up to date.',
  )
})

test('writes those that were picked, and nothing over a file that is there', async () => {
  await project.write({ '.github/workflows/lint.yml': 'mine\n' })
  expect(await init('--workflows', 'lint,promote')).toMatchObject({
    written: ['.github/workflows/promote.yml', 'shiplock.yml'],
    kept: ['.github/workflows/lint.yml'],
    next: expect.arrayContaining([expect.stringContaining('PROMOTE')]),
  })
  expect(await read('.github/workflows/lint.yml')).toBe('mine\n')
  expect(await init('--workflows', 'lint,promote')).toMatchObject({ written: [], reason: expect.stringContaining('nothing was written') })
})

test('checks what is out of date, missing, or not its own, whatever the team changed below the first line', async () => {
  await init('--workflows', 'lint,backup,rollback')
  const [first = '', ...rest] = (await read('.github/workflows/lint.yml')).split('\n')
  await project.write({
    '.github/workflows/lint.yml': [first, ...rest, '# changed by the team'].join('\n'),
    '.github/workflows/backup.yml': (await read('.github/workflows/backup.yml')).replace(/ [0-9a-f]{12};/, ' 000000000000;'),
    '.github/workflows/rollback.yml': 'another\n',
  })
  expect(await init('--check', '--workflows', 'lint,backup,rollback,release')).toMatchObject({
    verdict: 'fail',
    reason: 'backup was made from an older text than this version has.',
    files: [
      { name: 'lint', standing: 'current' },
      { name: 'backup', standing: 'outdated' },
      { name: 'rollback', standing: 'not ours' },
      { name: 'release', standing: 'missing' },
    ],
  })
})

test('with a dry run writes nothing', async () => {
  expect(await init('--dry-run')).toMatchObject({ verdict: 'pass', reason: '7 files would be written.' })
  await expect(read('shiplock.yml')).rejects.toThrow()
})

test('Ctrl-C at a question ends it as a signal does, and nothing is written', async () => {
  const cli = resolve(import.meta.dirname, '../../dist/cli.js')
  const terminal = spawn('script', ['-qec', `'${process.execPath}' '${cli}' init`, '/dev/null'], { cwd: project.dir })
  let shown = ''
  let asked = false
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    if (asked || !shown.includes('staging and production: ')) return
    asked = true
    terminal.stdin.write('\x03')
  })
  const [exitCode] = await once(terminal, 'close')
  expect([exitCode, shown]).toEqual([130, expect.stringContaining('interrupted')])
  await expect(read('shiplock.yml')).rejects.toThrow()
})

test.each([
  ['--workflows', 'deploy', 'There is no workflow "deploy".'],
  ['--action-ref', 'acme/shiplock@v1', 'must be owner/repository@commit # version'],
  ['--histogram', 'a b', 'must be the name of a metric'],
])('%s %s is refused', async (flag, value, message) => {
  expect((await init(flag, value))?.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining(message) })
})
