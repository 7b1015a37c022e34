import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { NameReader } from '../../../src/gate/config/host-names.ts'
import { judgeKeys } from '../../../src/gate/config/judge.ts'
import { keysOf } from '../../../src/gate/config/keys.ts'
import { readTemplate } from '../../../src/gate/config/template.ts'

// A Go service with two env files, as a team has them: areas behind two underscores, older names with one, features behind flags.

const read = (path: string) => readFileSync(join(import.meta.dirname, 'service', path), 'utf8')
const release = keysOf(['deploy/web.env.j2', 'deploy/worker.env.j2'].map((path) => readTemplate(path, read(path))))

function namesIn(text: string) {
  const reader = new NameReader()
  reader.push(Buffer.from(text))
  return reader.end('the host')
}

const hostText = `${read('web.env')}\n${read('worker.env')}`

function judge(text: string, answers: Readonly<Record<string, boolean>> = {}, live?: typeof release) {
  return judgeKeys({
    release,
    live,
    host: namesIn(text),
    complete: true,
    answers: [{ name: 'archive', value: true }, ...Object.entries(answers).map(([name, value]) => ({ name, value }))],
    isIgnored: () => false,
  })
}

const missingIn = (...given: Parameters<typeof judge>) => judge(...given).missing.map(({ key }) => key.name)

test('the templates have 60 and more keys', () => {
  expect(release.all.length).toBeGreaterThanOrEqual(75)
})

test('a host that was rendered from them lacks nothing, and no name of it looks misspelt', () => {
  const { missing, nearMisses, unused } = judge(hostText)
  expect({ missing, nearMisses, unused }).toEqual({ missing: [], nearMisses: [], unused: [] })
})

test('only conditions that no name of the host decides are asked', () => {
  expect(judge(hostText).questions.map(({ answers, keys }) => [answers, keys.map(({ key }) => key.name)])).toEqual([
    [['orchard_domain != orchard_asset_domain | default(orchard_domain)'], ['ORCHARD_WEB__ASSET_URL']],
    [
      ['orchard_billing_enabled'],
      ['ORCHARD_BILLING__STRIPE__SECRET_KEY', 'ORCHARD_BILLING__STRIPE__WEBHOOK_SECRET', 'ORCHARD_BILLING__STRIPE__PRICE_ID'],
    ],
    [['orchard_sentry_dsn is defined and orchard_sentry_dsn'], ['ORCHARD_SENTRY__DSN']],
  ])
})

const off = {
  orchard_billing_enabled: false,
  orchard_sentry_dsn: false,
  'orchard_domain != orchard_asset_domain | default(orchard_domain)': false,
}

test('the answers that are asked for decide them', () => {
  expect(judge(hostText, off)).toMatchObject({ missing: [], questions: [] })
  expect(missingIn(hostText, { ...off, orchard_billing_enabled: true })).toEqual([
    'ORCHARD_BILLING__STRIPE__SECRET_KEY',
    'ORCHARD_BILLING__STRIPE__WEBHOOK_SECRET',
    'ORCHARD_BILLING__STRIPE__PRICE_ID',
  ])
})

test('one key of a feature on the host means that its other keys are required', () => {
  expect(missingIn(`${hostText}\nORCHARD_BILLING__STRIPE__PRICE_ID=p`)).toEqual([
    'ORCHARD_BILLING__STRIPE__SECRET_KEY',
    'ORCHARD_BILLING__STRIPE__WEBHOOK_SECRET',
  ])
})

test('the keys of another mail backend are not asked for; another one that is chosen requires its own', () => {
  expect(missingIn(hostText, off)).toEqual([])
  expect(missingIn(hostText, { ...off, "orchard_mail_backend == 'smtp'": true })).toEqual([
    'ORCHARD_MAIL__SMTP__ADDR',
    'ORCHARD_MAIL__SMTP__USERNAME',
    'ORCHARD_MAIL__SMTP__PASSWORD',
  ])
})

test('a block that the live release has as well, and that the host has no key of, is taken as off', () => {
  const { questions, takenAsOff } = judge(hostText, {}, release)
  expect(questions).toEqual([])
  expect(takenAsOff.map(({ key }) => key.name)).toContain('ORCHARD_BILLING__STRIPE__SECRET_KEY')
})

describe('each required key that is taken away is missing, and nothing else', () => {
  const lines = hostText.split('\n')
  const required = [
    'ORCHARD_ENV',
    'ORCHARD_STORAGE__REPOS_ROOT',
    'ORCHARD_DATABASE_URL',
    'ORCHARD_SESSION_KEY',
    'ORCHARD_TRACING__ENDPOINT',
    'ORCHARD_STORAGE__S3__BUCKET',
    'ORCHARD_WORKER__QUEUES',
    'ORCHARD_HOOKS__SIGNING_SECRET',
    'ORCHARD_SEARCH__ENABLED',
  ]
  test.each(required)('%s', (name) => {
    const rest = lines.filter((line) => !line.startsWith(`${name}=`)).join('\n')
    expect(missingIn(rest).map((one) => one.replace('__', '_'))).toEqual([name.replace('__', '_')])
  })
})

/** The kind of mistake, the right name, and what the host has in its place. */
const misspellings: readonly (readonly [string, string, string])[] = [
  ['a dropped underscore', 'ORCHARD_MAIL__BACKEND', 'ORCHARD_MAIL_BACKEND'],
  ['an underscore too many', 'ORCHARD_ENV', 'ORCHARD__ENV'],
  ['three underscores', 'ORCHARD_WEB__BASE_URL', 'ORCHARD_WEB___BASE_URL'],
  ['two underscores at another place', 'ORCHARD_STORAGE__REPOS_ROOT', 'ORCHARD_STORAGE_REPOS__ROOT'],
  ['a doubled letter', 'ORCHARD_STORAGE__REPOS_ROOT', 'ORCHARD_STORAGE__REPPOS_ROOT'],
  ['a dropped letter', 'ORCHARD_WEB__TRUSTED_PROXIES', 'ORCHARD_WEB__TRUSTED_PROXES'],
  ['swapped letters', 'ORCHARD_SEARCH__ENABLED', 'ORCHARD_SEARCH__ENALBED'],
  ['a wrong letter', 'ORCHARD_METRICS__LISTEN', 'ORCHARD_METRICS__LISTAN'],
  ['a wrong prefix', 'ORCHARD_TRACING__ENDPOINT', 'ORCHARDD_TRACING__ENDPOINT'],
  ['the prefix of another service', 'ORCHARD_TRACING__ENDPOINT', 'GARDEN_TRACING__ENDPOINT'],
  ['no prefix', 'ORCHARD_TRACING__ENDPOINT', 'TRACING__ENDPOINT'],
  ['lower case', 'ORCHARD_GIT__GC_INTERVAL', 'orchard_git__gc_interval'],
  ['mixed case', 'ORCHARD_SSH__LISTEN', 'Orchard_Ssh__Listen'],
  ['a plural', 'ORCHARD_LIMITS__BURST', 'ORCHARD_LIMITS__BURSTS'],
  ['a singular', 'ORCHARD_WORKER__QUEUES', 'ORCHARD_WORKER__QUEUE'],
  ['American spelling of colour', 'ORCHARD_LOG__COLOUR', 'ORCHARD_LOG__COLOR'],
  ['American spelling of licence', 'ORCHARD_AUTH__LICENCE_CHECK', 'ORCHARD_AUTH__LICENSE_CHECK'],
  ['American spelling of authorisation', 'ORCHARD_AUTH__AUTHORISATION_HEADER', 'ORCHARD_AUTH__AUTHORIZATION_HEADER'],
  ['hyphens', 'ORCHARD_SEARCH__INDEX_PATH', 'ORCHARD-SEARCH--INDEX-PATH'],
  ['dots', 'ORCHARD_SEARCH__INDEX_PATH', 'ORCHARD.SEARCH.INDEX_PATH'],
  ['words in another order', 'ORCHARD_SSH__HOST_KEY_PATH', 'ORCHARD_SSH__HOST_PATH_KEY'],
  ['a shortened word', 'ORCHARD_AUTH__PASSWORD_MIN_LENGTH', 'ORCHARD_AUTH__PASS_MIN_LENGTH'],
  ['two letters', 'ORCHARD_LIMITS__REQUESTS_PER_MINUTE', 'ORCHARD_LIMITS__REQEST_PER_MINUTE'],
  ['an older name that is misspelt', 'ORCHARD_DATABASE_URL', 'ORCHARD_DATABSE_URL'],
]

describe('a misspelt name on the host is found, and the name that it means', () => {
  test.each(misspellings)('%s: %s', (_, right, wrong) => {
    const text = hostText.replace(new RegExp(`^${right}=`, 'm'), `${wrong}=`)
    expect(text).not.toBe(hostText)
    const { nearMisses, missing, counts } = judge(text)
    expect(nearMisses.map(({ found }) => found)).toEqual([wrong])
    const meant = release.of(nearMisses[0]?.meant ?? '')
    expect(meant?.names).toContain(right)
    if (release.of(right)?.lines.some(({ need }) => need === 'required')) expect(missing.map(({ key }) => key)).toEqual([meant])
    expect(counts.unknown).toBe(5)
  })

  test('all of them at once', () => {
    const wrong = [...new Map(misspellings.map(([, right, found]) => [right, found]))]
    const text = wrong.reduce((sum, [right, found]) => sum.replace(new RegExp(`^${right}=`, 'm'), `${found}=`), hostText)
    const found = judge(text).nearMisses.map((one) => one.found)
    expect(found.sort()).toEqual(wrong.map(([, one]) => one).sort())
  })

  test('a blank before the =', () => {
    const { nearMisses, missing } = judge(hostText.replace('ORCHARD_GIT__BIN=', 'ORCHARD_GIT__BIN ='))
    expect(missing).toEqual([])
    expect(nearMisses).toEqual([
      { found: 'ORCHARD_GIT__BIN ', meant: 'ORCHARD_GIT__BIN', why: 'a blank stands before the =, which a shell and docker do not take' },
    ])
  })

  test('a wrong name beside the right one', () => {
    expect(judge(`${hostText}\nORCHARD_MAIL_BACKEND=smtp`).nearMisses).toEqual([
      { found: 'ORCHARD_MAIL_BACKEND', meant: 'ORCHARD_MAIL__BACKEND', why: 'underscores differ' },
    ])
  })
})

test.each([
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'PGHOST',
  'PGPASSWORD',
  'DATABASE_URL',
  'PORT',
  'HTTP_PROXY',
  'NODE_ENV',
  'GOGC',
  'GOMEMLIMIT',
  'INVOCATION_ID',
  'ORCHARD_STORAGE__S3__BUCKET_2',
  'ORCHARD_AUTH__SIGNUP_DOMAINS',
  'ORCHARD_MAIL__REPLY_TO',
  'ORCHARD_FEATURE__WIKI',
  'SENTRY_DSN',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'ORCHARD_WEB__IDLE_TIMEOUT',
])('%s is no near miss', (name) => {
  expect(judge(`${hostText}\n${name}=1`).nearMisses).toEqual([])
})
