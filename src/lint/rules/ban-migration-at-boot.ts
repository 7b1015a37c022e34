import { bootCommands } from '../boot/boot-commands.ts'
import type { ReleaseProblem, ReleaseRule } from '../rule.ts'

const drop = { phase: 'post', sql: 'alter table users drop column nickname' } as const

const rule: ReleaseRule = {
  name: 'ban-migration-at-boot',
  group: 'robustness',
  severity: 'warning',
  problem: 'Whenever a copy of the service starts, the tool runs what is pending, whether or not its turn in the release has come.',
  remedy: 'Take the call out and let the release run the phases; until then set SKIP_POST_DEPLOYMENT_MIGRATIONS where the service starts.',
  because:
    'A tool’s own "up" knows no phases and no lock budget: a restart, a second copy or a rollback to older code decides when tables are locked, and a failed migration keeps the service down.',
  examples: {
    bad: [
      { files: [drop], bootFiles: [{ path: 'Dockerfile', text: 'FROM alpine\nCMD goose -dir db up && ./shop\n' }] },
      {
        files: [drop],
        bootFiles: [{ path: 'deploy/shop.service', text: '[Service]\nExecStartPre=/usr/bin/dbmate up\nExecStart=/opt/shop\n' }],
      },
      { files: [drop], bootFiles: [{ path: 'package.json', text: '{"scripts": {"start": "prisma migrate deploy && node shop.js"}}' }] },
    ],
    good: [
      { files: [drop], bootFiles: [{ path: 'Dockerfile', text: 'FROM alpine\nRUN goose -dir db up\nCMD ["./shop"]\n' }] },
      {
        files: [drop],
        bootFiles: [
          {
            path: 'deploy/shop.service',
            text: '[Service]\nEnvironment=SKIP_POST_DEPLOYMENT_MIGRATIONS=1\nExecStartPre=bin/rails db:migrate\nExecStart=/opt/shop\n',
          },
        ],
      },
      { files: [drop], bootFiles: [{ path: 'Dockerfile', text: 'FROM node\nCMD shiplock migrate --phase pre && ./shop\n' }] },
      {
        files: [{ sql: 'alter table users add column phone text' }],
        bootFiles: [{ path: 'Dockerfile', text: 'FROM alpine\nCMD goose -dir db up && ./shop\n' }],
      },
    ],
  },
  checkRelease({ replayed, files, review, bootFiles = [] }) {
    if (!replayed.some(({ migration }) => migration.phase === 'post')) return []
    const bringsPost = review === undefined || files.some(({ migration }) => migration.phase === 'post')
    const changed = new Set(review?.changes.map(({ path }) => path))
    const looked = bootFiles.filter(({ path }) => bringsPost || changed.has(path))
    const texts = new Map(looked.map(({ path, text }) => [path, text]))
    return bootCommands(looked).map(({ path, offset, command, place, when }): ReleaseProblem => {
      const at = { path, offset, text: texts.get(path) ?? '' }
      if (when === 'start')
        return { ...at, message: `${place} runs "${command}" when the service starts: post migrations would run with the others.` }
      return {
        ...at,
        severity: 'advice',
        message: `${place} runs "${command}" in one go: post migrations would run before the new code is everywhere.`,
        harm: 'Old code that is still running loses what the post migrations remove.',
      }
    })
  },
}

export default rule
