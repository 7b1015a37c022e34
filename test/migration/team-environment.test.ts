import { describe, expect, test } from 'vitest'
import { decideTls, parseConnection } from '../../src/connection.ts'
import { guardLostBy, refuseOtherTarget, teamEnvironment } from '../../src/migration/team-environment.ts'

function environment(url: string, more: Partial<Parameters<typeof teamEnvironment>[0]> = {}) {
  const connection = parseConnection(url)
  return teamEnvironment({
    variables: {},
    phase: 'pre',
    connection,
    tls: decideTls(connection, { ca: undefined, allowInsecure: true }),
    encrypted: false,
    authority: connection.sslrootcert,
    role: undefined,
    serverMajor: 16,
    applicationName: 'shiplock/1.1/7',
    stallBudgetMs: 1000,
    ...more,
  })
}

describe('the connection string of the command', () => {
  test.each([
    ['postgres://u:p%40ss%2F@db.example.net:6432/my%20app', 'postgres://u:p%40ss%2F@db.example.net:6432/my%20app?sslmode=verify-full'],
    ['host=localhost user=u dbname=d', 'postgres://u@localhost:5432/d?sslmode=disable'],
    ['postgres://u@[::1]/d', 'postgres://u@[::1]:5432/d?sslmode=disable'],
    ['postgres://u@/d?host=/run/pg&port=6000', 'postgres://u@/d?host=%2Frun%2Fpg&port=6000&sslmode=disable'],
    ['postgres://u@h/d?sslmode=require', 'postgres://u@h:5432/d?sslmode=require'],
    ['postgres://u@h/d?sslmode=prefer', 'postgres://u@h:5432/d?sslmode=disable'],
    [
      'postgres://u@h/d?sslmode=verify-ca&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem',
      'postgres://u@h:5432/d?sslmode=verify-ca&sslrootcert=%2Fca.pem&sslcert=%2Fc.pem&sslkey=%2Fk.pem',
    ],
  ])('says in so many words what was decided of %s', (url, expected) => {
    const { variables, added } = environment(url)
    expect(variables.DATABASE_URL).toBe(expected)
    expect(added.DATABASE_URL).not.toContain('u@')
    const back = parseConnection(expected)
    const { host, port, user, password, database } = parseConnection(url)
    expect(back).toMatchObject({ host, port, user, password, database })
  })

  test('follows what our own connection found where TLS is only preferred', () => {
    expect(environment('postgres://u@h/d?sslmode=prefer', { encrypted: true }).variables.DATABASE_URL).toContain('sslmode=require')
  })

  test('is left alone where the environment has one', () => {
    const variables = { DATABASE_URL: 'postgres://u@h/d?options=-c%20work_mem%3D1MB' }
    const made = environment('postgres://u@h/d?options=-c%20work_mem%3D1MB', { variables })
    expect(made.variables.DATABASE_URL).toBe(variables.DATABASE_URL)
    expect(made.variables.PGOPTIONS).not.toContain('work_mem')
  })
})

describe('PGOPTIONS', () => {
  test("holds the team's own first, then the string's settings and role, and our limits last, since the last one counts", () => {
    const url = 'postgres://u@h/d?options=-c%20search_path%3Da%5C%20b'
    const { PGOPTIONS } = environment(url, { variables: { PGOPTIONS: ' -c lock_timeout=0 ' }, role: 'owner', stallBudgetMs: 250 }).variables
    expect(PGOPTIONS).toBe(
      '-c lock_timeout=0 -c search_path=a\\ b -c role=owner -c lock_timeout=250ms -c client_connection_check_interval=1s',
    )
  })

  test('does not name to PostgreSQL 13 what it does not know', () => {
    expect(environment('postgres://u@h/d', { serverMajor: 13 }).variables.PGOPTIONS).toBe('-c lock_timeout=1000ms')
  })

  test('never lifts the limit: 0 would mean for ever', () => {
    expect(environment('postgres://u@h/d', { stallBudgetMs: 0 }).variables.PGOPTIONS).toContain('lock_timeout=1ms')
  })
})

test('what is left out is named, and the variable of the phase is ours to say', () => {
  const variables = {
    PATH: '/bin',
    GITHUB_OUTPUT: 'x',
    ACTIONS_ID_TOKEN: 'x',
    AWS_REGION: 'x',
    S3_BUCKET: 'kept',
    SKIP_POST_DEPLOYMENT_MIGRATIONS: '',
  }
  const post = environment('postgres://u@h/d', { variables, phase: 'post' })
  expect(post.withheld).toEqual(['ACTIONS_ID_TOKEN', 'AWS_REGION', 'GITHUB_OUTPUT', 'SKIP_POST_DEPLOYMENT_MIGRATIONS'])
  expect(Object.keys(post.variables).sort()).toEqual(['DATABASE_URL', 'PATH', 'PGAPPNAME', 'PGOPTIONS', 'S3_BUCKET'])
  expect(environment('postgres://u@h/d', { variables }).variables.SKIP_POST_DEPLOYMENT_MIGRATIONS).toBe('true')
})

test('a string in the environment must lead to the same database, by whatever name of this machine', () => {
  const here = parseConnection('postgres://u@localhost/d')
  expect(refuseOtherTarget(undefined, here)).toBe(true)
  expect(refuseOtherTarget('postgres://other:pw@127.0.0.1/d', here)).toBe(true)
  expect(refuseOtherTarget('postgres://u@localhost/d?pool=5', here)).toBe(false)
  for (const url of ['postgres://u@localhost/e', 'postgres://u@localhost:5433/d', 'postgres://u@db/d']) {
    expect(() => refuseOtherTarget(url, here)).toThrow(/would migrate another database/)
  }
})

test('a string with options or a name of its own takes a part of the guard away, and it is said which', () => {
  expect(guardLostBy('postgres://u@h/d?options=-c%20work_mem%3D8MB&application_name=web')).toEqual([
    expect.stringContaining('PGOPTIONS'),
    expect.stringContaining('PGAPPNAME'),
  ])
  for (const url of [undefined, '', 'host=h dbname=d', 'postgres://u@h/d?sslmode=require']) expect(guardLostBy(url)).toEqual([])
})
