import { expect, test } from 'vitest'
import { secretsOf } from '../src/secrets.ts'

test.each([
  ['DATABASE_URL', 'postgres://me:s3cr3t-word@db.example/shop', 's3cr3t-word'],
  ['DRILL_DATABASE_URL', 'postgres://me:s3cr3t-word@db.example/drill_shop', 's3cr3t-word'],
  ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI', 'wJalrXUtnFEMI'],
  ['AWS_SESSION_TOKEN', 'IQoJb3JpZ2lu', 'IQoJb3JpZ2lu'],
  ['PROMETHEUS_TOKEN', 'glc_eyJv', 'glc_eyJv'],
  ['LOKI_PASSWORD', 'glc_eyJv', 'glc_eyJv'],
  ['LOKI_HEADERS', 'X-Team: shop\nX-Key: s3cr3t-word', 's3cr3t-word'],
  ['FLYWAY_PASSWORD', 's3cr3t-word', 's3cr3t-word'],
  ['FLYWAY_PLACEHOLDERS_APP_PASSWORD', 's3cr3t-word', 's3cr3t-word'],
])('what %s of the environment holds is a secret', (name, value, secret) => {
  expect([...secretsOf(new Map(), { [name]: value })]).toContain(secret)
  expect([...secretsOf(new Map(), {})]).toEqual([])
})
