import { golangMigrate } from '../../../src/migration/layouts/golang-migrate.ts'
import type { CorpusRelease } from './release.ts'

const additive = {
  queries: ['select email, name from users where id = 1', "insert into users (email) values ('new@example.org') returning name"],
  since: ['alter table users add column phone text'],
  layout: golangMigrate,
  works: true,
} as const

/** Releases whose statements all leave the older code alone: whether it starts is another question. */
export const atBoot: readonly CorpusRelease[] = [
  {
    name: 'the application migrates at boot, and its tool refuses a newer version table',
    ...additive,
    boot: [{ path: 'deploy/shop.service', text: '[Service]\nExecStartPre=/opt/shop migrate up\nExecStart=/opt/shop\n' }],
    byRules: 'hotfix',
    byQueries: 'hotfix',
    trap: true,
  },
  {
    name: 'the same tool, and only the build of the image calls it',
    ...additive,
    boot: [{ path: 'Dockerfile', text: 'FROM alpine\nRUN migrate up\nCMD ["./shop"]\n' }],
    byRules: 'code-only',
    byQueries: 'code-only',
  },
]
