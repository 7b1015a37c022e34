import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { provideExtensionPackages } from '../../../src/adapters/postgres/extension-packages.ts'

const provide = (packages: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  provideExtensionPackages({ packages, major: 15, install: false, env, say: () => {} })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** A machine on which each of these packages is installed, and holds these files. */
async function machineWith(files: readonly string[]): Promise<NodeJS.ProcessEnv> {
  const program = join(folder, 'dpkg-query')
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' ${files.join(' ')}\n`, { mode: 0o755 })
  return { PATH: `${folder}:${process.env.PATH}` }
}

const extensionFiles = (major: number, ...names: string[]) =>
  names.map((name) => `/usr/share/postgresql/${major}/extension/${name}.control`)

test('a package that is installed allows the extensions that are in it for this major version', async () => {
  const env = await machineWith([
    '/usr/share/doc/README',
    ...extensionFiles(15, 'postgis', 'postgis_topology'),
    ...extensionFiles(16, 'other'),
  ])
  expect(await provide(['postgresql-15-postgis-3'], env)).toEqual(['postgis', 'postgis_topology'])
})

test('an extension of a part of the package is allowed under the name that the machine links to it', async () => {
  const extensions = join(folder, '15/extension')
  await mkdir(extensions, { recursive: true })
  for (const name of ['geo-3', 'other']) await writeFile(join(extensions, `${name}.control`), '')
  await symlink(join(extensions, 'geo-3.control'), join(folder, 'chosen'))
  await symlink(join(folder, 'chosen'), join(extensions, 'geo.control'))
  await symlink(join(extensions, 'other.control'), join(extensions, 'stranger.control'))
  const program = `#!/bin/sh
case "$*" in
  *Depends*) echo 'postgresql-15, postgresql-15-geo-3-scripts (>= 3.0), libc6' ;;
  *--listfiles*postgresql-15-geo-3-scripts) echo '${extensions}/geo-3.control' ;;
  *--listfiles*postgresql-15-geo-3) echo /usr/lib/postgresql/15/lib/geo-3.so ;;
  *) echo '${extensions}/other.control' ;;
esac
`
  await writeFile(join(folder, 'dpkg-query'), program, { mode: 0o755 })
  expect(await provide(['postgresql-15-geo-3'], { PATH: `${folder}:${process.env.PATH}` })).toEqual(['geo-3', 'geo'])
})

test.each(['postgresql', 'postgresql-15', 'postgresql-contrib'])(
  '%s allows nothing by being named: it holds what reaches other servers',
  async (name) => {
    expect(await provide([name], await machineWith(extensionFiles(15, 'dblink', 'file_fdw')))).toEqual([])
  },
)

test('one that is missing stops the drill when nothing may be installed, and says what to type', async () => {
  await expect(provide(['postgresql-15-no-such-thing'])).rejects.toMatchObject({
    code: 'scratch-failed',
    message: expect.stringContaining('install-tools is off'),
    hint: expect.stringContaining('apt-get install postgresql-15-no-such-thing'),
  })
})

test.each(['--allow-unauthenticated', './evil.deb', 'a b', '-o=x'])(
  'what is no name of a package is not given to apt-get: %s',
  async (name) => {
    await expect(provide([name])).rejects.toMatchObject({ code: 'invalid-input' })
  },
)
