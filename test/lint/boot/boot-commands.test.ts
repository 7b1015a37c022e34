import { describe, expect, test } from 'vitest'
import { bootCommands, mayBootFile } from '../../../src/lint/boot/boot-commands.ts'

const found = (path: string, text: string) =>
  bootCommands([{ path, text }]).map(({ line, command, place, when }) => `${line} ${when} ${place}: ${command}`)

describe('a service that migrates when it starts is found in', () => {
  test.each([
    [
      'a systemd unit',
      'deploy/shop.service',
      '[Service]\nExecStartPre=-/usr/bin/goose -dir /srv/db \\\n  postgres "$DSN" up\nExecStart=/srv/shop\n',
      ['2 start ExecStartPre: /usr/bin/goose -dir /srv/db postgres $DSN up'],
    ],
    ['a Dockerfile', 'Dockerfile', 'FROM a\nRUN goose up\nCMD goose up && ./shop\n', ['3 start CMD: goose up']],
    ['a Dockerfile with a list', 'api.Dockerfile', 'FROM a\nCMD ["sh", "-c", "dbmate up; exec ./shop"]\n', ['2 start CMD: dbmate up']],
    [
      'compose',
      'docker-compose.yml',
      'services:\n  app:\n    image: shop\n    command: sh -c "bundle exec rails db:migrate && rails s"\n',
      ['4 start service app: bundle exec rails db:migrate'],
    ],
    [
      'package.json',
      'web/package.json',
      '{\n "scripts": {\n  "migrate": "knex migrate:latest",\n  "start": "npm run migrate && node ."\n }}',
      ['4 start script start: knex migrate:latest'],
    ],
    ['a Procfile', 'Procfile', 'web: alembic upgrade head && gunicorn shop\n', ['1 start process web: alembic upgrade head']],
    [
      'a start script',
      'docker/entrypoint.sh',
      '#!/bin/sh\n# goose up\nif [ -n "$MIGRATE" ]; then\n  python manage.py migrate --noinput\nfi\nexec "$@"\n',
      ['4 start the start script: python manage.py migrate --noinput'],
    ],
    [
      'Kubernetes',
      'k8s/shop.yaml',
      'kind: Deployment\nspec:\n  template:\n    spec:\n      initContainers:\n        - name: db\n          command: [sqlx]\n          args: [migrate, run]\n',
      ['7 start init container db: sqlx migrate run'],
    ],
    [
      'a Helm chart',
      'charts/shop/templates/app.yaml',
      'kind: Deployment\nspec:\n  {{- if .Values.migrate }}\n  initContainers:\n    - name: {{ .Chart.Name }}\n      command: ["diesel", "migration", "run"]\n  {{- end }}\n',
      ['6 start init container _________________: diesel migration run'],
    ],
  ])('%s', (_, path, text, commands) => {
    expect(mayBootFile(path)).toBe(true)
    expect(found(path, text)).toEqual(commands)
  })
})

test('a step of its own is told apart from a start', () => {
  expect(found('Procfile', 'release: rails db:migrate\nweb: rails s\n')).toEqual(['1 job process release: rails db:migrate'])
  expect(found('compose.yaml', 'services:\n  migrate:\n    command: [goose, up]\n')).toEqual(['3 job service migrate: goose up'])
  expect(found('k8s/job.yml', 'kind: Job\nspec:\n  containers:\n  - name: m\n    args: [flyway, migrate]\n')).toEqual([
    '5 job container m: flyway migrate',
  ])
  expect(found('Dockerfile', 'FROM a\nENTRYPOINT ["goose"]\nCMD ["up"]\n')).toEqual(['2 job ENTRYPOINT: goose up'])
  expect(found('db.service', '[Service]\nType=oneshot\nExecStart=/bin/dbmate migrate\n')).toEqual(['3 job ExecStart: /bin/dbmate migrate'])
})

describe('nothing is found in', () => {
  test.each([
    ['a build step', 'Dockerfile', 'FROM a\nRUN prisma migrate deploy\nCMD ["node", "."]\n'],
    ['a stage that is not the last', 'Dockerfile', 'FROM a AS m\nCMD goose up\nFROM b\nCMD ./shop\n'],
    ['a comment', 'start.sh', '# goose up\n./shop # dbmate up\n'],
    ['words that are printed', 'start.sh', 'echo goose up\necho "run: rails db:migrate"\n'],
    ['another command of the tool', 'start.sh', 'goose status\nrails db:rollback\nprisma generate\nshiplock plan\n'],
    ['a script that nobody starts', 'package.json', '{"scripts": {"migrate": "knex migrate:latest", "start": "node ."}}'],
    ['a start that leaves post migrations out', 'start.sh', 'export SKIP_POST_DEPLOYMENT_MIGRATIONS=true\nrails db:migrate\n'],
    ['a call that names its phase', 'start.sh', 'shiplock migrate --phase pre\nshiplock migrate --phase=post\n'],
    ['a file that is no JSON', 'package.json', '{'],
  ])('%s', (_, path, text) => {
    expect(found(path, text)).toEqual([])
  })

  test('a skip that is commented out does not count', () => {
    expect(found('start.sh', '# SKIP_POST_DEPLOYMENT_MIGRATIONS=true\nrails db:migrate\n')).toHaveLength(1)
  })

  test('files of others', () => {
    expect(['node_modules/a/package.json', '.github/workflows/deploy.yml', 'src/server.ts', 'docs/a.yml'].filter(mayBootFile)).toEqual([])
  })
})

test('a call of Shiplock that names no phase, or all of them, is found', () => {
  expect(found('start.sh', 'shiplock migrate\nshiplock migrate --phase all\n')).toHaveLength(2)
})
