import { expect, test } from 'vitest'
import { isAllowedExtension, refuseMissingExtensions } from '../../src/drill/extensions.ts'

test.each(['dblink', 'postgres_fdw', 'file_fdw', 'adminpack', 'plperlu', 'plpython3u', 'http', 'pg_net', 'pg_cron'])(
  'never makes %s, and goes on without it',
  (name) => {
    expect(isAllowedExtension(name)).toBe(false)
    expect(() => refuseMissingExtensions([name])).not.toThrow()
  },
)

test('stops for an extension that is not installed, and says which package has it', () => {
  expect(() => refuseMissingExtensions(['dblink', 'hstore'])).toThrow(
    expect.objectContaining({
      code: 'scratch-failed',
      message: expect.stringMatching(/have: hstore\.$/),
      hint: expect.stringContaining('postgresql-contrib'),
    }),
  )
})

test('stops for an extension that it does not know', () => {
  expect(() => refuseMissingExtensions(['postgis'])).toThrow(
    expect.objectContaining({ code: 'scratch-failed', hint: expect.stringContaining('postgis') }),
  )
})
