import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { provideLocales } from '../../../src/adapters/postgres/locales.ts'
import { toolEnvironment } from '../../../src/adapters/postgres/tools.ts'
import { runChild } from '../../../src/adapters/process.ts'
import { makeWorkspace } from '../../../src/adapters/workspace.ts'

const env = toolEnvironment(process.env)

test('compiles nothing for locales that every machine has', async () => {
  await using folder = await makeWorkspace({ roots: [tmpdir()] })
  expect(await provideLocales(['C', 'POSIX'], folder.path, env)).toEqual({})
  expect(await readdir(folder.path)).toEqual(['owner.json'])
})

test('leaves what it does not know to the server', async () => {
  await using folder = await makeWorkspace({ roots: [tmpdir()] })
  expect(await provideLocales(['xx_XX.UTF-8', '../../etc', 'C.NOTHING'], folder.path, env)).toEqual({})
})

// the sources of locales are a package of their own
test.runIf(existsSync('/usr/share/i18n/locales/mt_MT'))('compiles a locale that the machine lacks, by the name of the source', async () => {
  const installed = (await runChild('locale', ['-a'], { env })).stdout
  await using folder = await makeWorkspace({ roots: [tmpdir()] })
  const given = await provideLocales(['mt_MT.UTF-8'], folder.path, env)
  if (installed.includes('mt_MT.utf8')) return expect(given).toEqual({})
  expect(given).toEqual({ LOCPATH: join(folder.path, 'locales') })
  expect(await readdir(join(folder.path, 'locales', 'mt_MT.UTF-8'))).toContain('LC_COLLATE')
})
