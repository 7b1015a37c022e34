import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nodeBinary, nodeVersions } from '../nodes.ts'
import { makeProject, start, startCli } from '../program.ts'
import { startFaultyS3 } from '../s3/server.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIDOFATEST', AWS_SECRET_ACCESS_KEY: 'secretOfATest' }

describe.each(nodeVersions)('a store in a bucket on Node %s', (version) => {
  test('is reached with the keys of the environment, and says nothing but what was asked', async () => {
    await using s3 = await startFaultyS3()
    await using project = await makeProject()
    const ended = await startCli(['verify-backup', '--project', 'shop', '--store', 's3://backups/acme', '--s3-endpoint', s3.endpoint], {
      cwd: project.dir,
      env: keys,
      node: nodeBinary(version),
    }).ended

    expect(ended.exitCode).toBe(3)
    expect(ended.stdout + ended.stderr).toContain('s3://backups/acme at 127.0.0.1')
    expect(ended.stderr).not.toContain('Warning')
    expect(s3.requests[0]?.headers.authorization).toContain('Credential=AKIDOFATEST/')
  })
})

test('what needs no bucket never loads the SDK', async () => {
  await using project = await makeProject({ 'db/migrations/0001_a.sql': 'select 1;' })
  const dist = join(project.dir, 'dist')
  await mkdir(dist)
  await cp(resolve('dist'), dist, { recursive: true })
  for (const name of await readdir(dist)) {
    if (name.endsWith('.js') && (await readFile(join(dist, name), 'utf8')).includes('AbortMultipartUpload')) await rm(join(dist, name))
  }
  const run = (...args: string[]) => start([join(dist, 'cli.js'), ...args], { cwd: project.dir, env: keys }).ended

  expect((await run('--version')).exitCode).toBe(0)
  expect((await run('--help')).exitCode).toBe(0)
  expect((await run('plan', '--database-url', 'postgres://nobody@127.0.0.1:1/none')).stdout).toContain('127.0.0.1:1')
  expect((await run('verify-backup', '--store', `file://${join(project.dir, 'store')}`)).exitCode).toBe(3)
  expect((await run('verify-backup', '--store', 's3://backups')).stderr).toContain('Cannot find module')
})
