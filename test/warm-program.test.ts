import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeProject, type Project } from './program.ts'
import { canBeWarm, runWarm } from './warm-program.ts'

const program = `
import { pid } from 'node:process'
const [, file, what] = process.argv
process.stdout.write(JSON.stringify({ what, file: file.endsWith('program.mjs'), cwd: process.cwd(), pid, process: process.pid, only: process.env.ONLY }))
process.stderr.write('heard ' + what)
if (what === 'late') setTimeout(() => process.stdout.write('late'), 200)
if (what === 'exit') process.exit(5)
if (what === 'throw') throw new Error('thrown')
if (what === 'crash') setTimeout(() => { throw new Error('nobody catches it') })
if (what === 'watch') process.on('uncaughtException', () => {})
process.exitCode = what === 'fail' ? 3 : 0
`

let project: Project
beforeAll(async () => {
  project = await makeProject({ 'program.mjs': program, 'deeper/x': '' })
})
afterAll(() => project[Symbol.asyncDispose]())

async function run(what: string, { folder = '', env = {} }: { folder?: string; env?: Record<string, string> } = {}) {
  const cwd = `${project.dir}${folder}`
  const ended = await runWarm(`${project.dir}/program.mjs`, { args: [what], cwd, env: { PATH: process.env.PATH ?? '', ...env } })
  const [seen = '{}', rest] = ended.stdout.split(/(?<=\})/)
  return { ...ended, rest, seen: JSON.parse(seen) as Record<string, unknown> }
}

test('a start sees its own arguments, folder, variables and run number in the process of an earlier one', async () => {
  const first = await run('one', { env: { ONLY: 'first' } })
  const second = await run('fail', { folder: '/deeper' })
  expect(first).toMatchObject({ exitCode: 0, signal: null, stderr: 'heard one', seen: { what: 'one', file: true, only: 'first' } })
  expect(second).toMatchObject({ exitCode: 3, stderr: 'heard fail', seen: { what: 'fail', cwd: `${project.dir}/deeper` } })
  expect(second.seen).not.toHaveProperty('only')
  expect(second.seen.process).toBe(first.seen.process)
  expect(second.seen.pid).not.toBe(first.seen.pid)
})

test('starts that overlap have processes of their own', async () => {
  const both = await Promise.all([run('one'), run('two')])
  expect(new Set(both.map(({ seen }) => seen.process)).size).toBe(2)
  expect(both.map(({ stderr }) => stderr)).toEqual(['heard one', 'heard two'])
})

test('a start has ended when nothing is left that would keep a process of its own alive', async () => {
  expect(await run('late')).toMatchObject({ exitCode: 0, rest: 'late' })
})

test.each([
  ['exit', 5, /heard exit$/],
  ['throw', 1, /Error: thrown/],
  ['crash', 1, /Error: nobody catches it/],
])('a start that ends its process, by %s, tells how, and the next has another', async (what, exitCode, stderr) => {
  const before = await run('one')
  expect(await run(what)).toMatchObject({ exitCode, stderr: expect.stringMatching(stderr), seen: { process: before.seen.process } })
  expect((await run('one')).seen.process).not.toBe(before.seen.process)
})

test('no start follows in a process that still watches for crashes', async () => {
  const watching = await run('watch')
  expect(watching.exitCode).toBe(0)
  expect((await run('one')).seen.process).not.toBe(watching.seen.process)
})

test('variables that are read only when a process starts ask for a process of their own', () => {
  expect(canBeWarm({ PATH: '/bin', DATABASE_URL: 'x' })).toBe(true)
  for (const name of ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'TZ', 'LD_PRELOAD']) expect(canBeWarm({ [name]: 'x' })).toBe(false)
})
