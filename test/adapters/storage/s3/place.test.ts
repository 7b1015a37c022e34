import { expect, test } from 'vitest'
import { s3Place } from '../../../../src/adapters/storage/s3/place.ts'

const spaces = 'https://nyc3.digitaloceanspaces.com'
const place = (url: string, endpoint: string | undefined, more: { region?: string; forcePathStyle?: boolean } = {}) =>
  s3Place(url, { endpoint, region: more.region, forcePathStyle: more.forcePathStyle ?? false })

test('names bucket, prefix and host, and holds the keys below the prefix', () => {
  expect(place('s3://acme/app/', spaces)).toEqual({
    bucket: 'acme',
    base: 'app/',
    endpoint: spaces,
    region: 'nyc3',
    pathStyle: false,
    description: 's3://acme/app at nyc3.digitaloceanspaces.com',
  })
  expect(place('s3://acme', spaces)).toMatchObject({ base: '', description: 's3://acme at nyc3.digitaloceanspaces.com' })
})

test.each([
  [spaces, undefined, 'nyc3'],
  [spaces, 'us-east-1', 'us-east-1'],
  ['https://minio.acme.example', undefined, 'us-east-1'],
  ['https://s3.eu-west-1.amazonaws.com', undefined, 'eu-west-1'],
  ['https://s3.amazonaws.com', undefined, 'us-east-1'],
  [undefined, 'eu-west-1', 'eu-west-1'],
  [undefined, undefined, 'us-east-1'],
])('signs for the right region: %s with %s', (endpoint, region, expected) => {
  expect(place('s3://acme', endpoint, region === undefined ? {} : { region }).region).toBe(expected)
})

test('is Amazon in the region when no endpoint is given', () => {
  expect(place('s3://acme', undefined, { region: 'eu-west-1' }).endpoint).toBe('https://s3.eu-west-1.amazonaws.com')
})

test.each([
  [spaces, 'acme', false, false],
  [spaces, 'acme', true, true],
  [spaces, 'acme.backups', false, true],
  ['https://10.1.2.3:9000', 'acme', false, true],
  ['https://[fd00::1]:9000', 'acme', false, true],
  ['http://127.0.0.1:9000', 'acme', false, true],
  ['http://localhost:9000', 'acme', false, true],
  ['http://[::1]:9000', 'acme', false, true],
])('%s with the bucket %s and s3-force-path-style %s names the bucket in the path: %s', (endpoint, bucket, forcePathStyle, expected) => {
  expect(place(`s3://${bucket}`, endpoint, { forcePathStyle }).pathStyle).toBe(expected)
})

test.each([
  ['s3://acme', 'http://nyc3.digitaloceanspaces.com', 'in the clear', 'https://nyc3.digitaloceanspaces.com;'],
  ['s3://acme', 'http://10.1.2.3:9000', 'in the clear', 'https://10.1.2.3:9000;'],
  ['s3://acme', 'https://acme.nyc3.cdn.digitaloceanspaces.com', 'a CDN', 'https://nyc3.digitaloceanspaces.com.'],
  ['s3://acme', 'https://acme.nyc3.digitaloceanspaces.com', 'name of the bucket already', 'https://nyc3.digitaloceanspaces.com;'],
  ['s3://acme/../other', spaces, 'leaves the store', 's3://bucket/prefix'],
  ['s3:///app', spaces, 'names no bucket', 's3://bucket/prefix'],
])('refuses %s at %s', (url, endpoint, message, hint) => {
  expect(() => place(url, endpoint)).toThrow(
    expect.objectContaining({ code: 'invalid-store', message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
  )
})

test('takes a host that begins like the bucket for its own name when told so, and a bucket named like its region', () => {
  expect(place('s3://minio', 'https://minio.acme.example', { forcePathStyle: true }).pathStyle).toBe(true)
  expect(place('s3://nyc3', spaces).bucket).toBe('nyc3')
})
