import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Result } from '../../src/result.ts'
import { resultOf, runCli, startCli } from '../program.ts'
import { breakAfter, drop, type Fault, keepChanged, loginPage, loseAnswer, refuse, send, silence, silenceAfter } from '../s3/faults.ts'
import type { Operation } from '../s3/request.ts'
import { type FaultyS3, startFaultyS3 } from '../s3/server.ts'
import type { Ended } from '../warm-program.ts'
import { startProxy } from './proxy.ts'
import { startServer, type TestServer, uniqueName } from './server.ts'

let server: TestServer
/** Of one part, and of two. */
let small: string
let large: string

beforeAll(async () => {
  server = await startServer()
  small = await server.createDatabase(uniqueName('small'))
  await server.query('create table orders (id int); insert into orders select generate_series(1, 5000)', databaseOf(small))
  large = await server.createDatabase(uniqueName('large'))
  await server.query(
    `create table a_first as select row as i, string_agg(decode(md5(random()::text), 'hex'), '') as body
       from generate_series(1, 640) row, generate_series(1, 1000) group by row;
     create table z_last as select 1 as i`,
    databaseOf(large),
  )
})
afterAll(() => server?.stop())

const everything: Operation[] = ['HeadObject', 'GetObject', 'PutObject', 'DeleteObject', 'ListObjectsV2']
/** What `backup` leaves when all is well. */
const whole = ['contents.json', 'dump', 'manifest.json', 'roles.sql']
const unread = { 'dump-exit': 'pass', landed: 'pass', sha256: 'not-checked', decoded: 'not-checked', 'archive-rows': 'not-checked' }

interface Trouble {
  readonly what: string
  readonly faults: readonly { readonly on: Operation; readonly fault: Fault; readonly times?: number; readonly part?: number }[]
  readonly database?: 'small' | 'large'
  readonly args?: readonly string[]
  readonly exit: 0 | 1 | 2 | 3
  readonly code?: string
  /** A piece of the error, else of the reason. */
  readonly says: RegExp
  readonly checks?: Readonly<Record<string, string>>
  /** How the names of the objects end that are left. */
  readonly left: readonly string[]
  readonly openUploads?: number
}

const beforeTheDump: readonly Trouble[] = [
  { what: 'an access key that nobody knows', ...always(403, 'InvalidAccessKeyId'), says: /does not know the access key/ },
  { what: 'a wrong secret key', ...always(403, 'SignatureDoesNotMatch'), says: /the secret key is wrong/ },
  { what: 'keys that have expired', ...always(400, 'ExpiredToken'), says: /The keys of \S+ at \S+ have expired/ },
  { what: 'another region', ...always(400, 'AuthorizationHeaderMalformed'), says: /is not in the region us-east-1/ },
  { what: 'a clock that is wrong', ...always(403, 'RequestTimeTooSkewed'), says: /refuses the clock of this machine/ },
  { what: 'a login page', faults: everything.map((on) => ({ on, fault: loginPage })), says: /is no S3 server/ },
  { what: 'a bucket that does not exist', faults: [], args: ['--store', 's3://others/acme'], says: /There is no bucket others/ },
  { what: 'a key that may not list', faults: [{ on: 'ListObjectsV2' as const, fault: refuse(403, 'AccessDenied') }], says: /may not list/ },
  {
    what: 'a key that may not write',
    faults: [{ on: 'PutObject' as const, fault: refuse(403, 'AccessDenied') }],
    says: /A probe object could not be written: The key may not write .*\nNothing was dumped/,
  },
  {
    what: 'a key that may not read',
    faults: [{ on: 'GetObject' as const, fault: onStored(refuse(403, 'AccessDenied')) }],
    says: /A probe object was written, but could not be read back: The key may not read .*\nNothing was dumped/,
  },
].map((one) => ({ ...one, exit: 2, code: 'invalid-store', left: [] }))

const troubles: readonly Trouble[] = [
  {
    what: '503 without end',
    database: 'large',
    faults: [{ on: 'UploadPart', fault: refuse(503, 'SlowDown') }],
    exit: 3,
    code: 'connection-lost',
    says: /overloaded or failing, every time \(SlowDown, HTTP 503/,
    left: [],
  },
  {
    what: 'a key that may not delete',
    faults: [{ on: 'DeleteObject', fault: refuse(403, 'AccessDenied') }],
    exit: 2,
    code: 'invalid-store',
    says: /A probe object was written and read, but could not be deleted, and stays as .*\nNothing was dumped/,
    left: ['probe'],
  },
  {
    what: 'a port that nobody listens on',
    faults: [],
    args: ['--s3-endpoint', 'http://127.0.0.1:1'],
    exit: 3,
    code: 'connection-lost',
    says: /could not be made or broke \(ECONNREFUSED\)/,
    left: [],
  },
  {
    what: 'a bit of the stored object that flips',
    faults: [{ on: 'PutObject', fault: onDump(keepChanged(flipped)) }],
    exit: 1,
    code: 'backup-damaged',
    says: /sha256: the stored bytes are not those that were written/,
    checks: { landed: 'pass', sha256: 'fail' },
    left: ['dump'],
  },
  {
    what: 'a bit of a stored object of two parts that flips',
    database: 'large',
    faults: [{ on: 'CompleteMultipartUpload', fault: keepChanged(flipped) }],
    exit: 1,
    code: 'backup-damaged',
    says: /sha256: the stored bytes are not those that were written/,
    checks: { landed: 'pass', sha256: 'fail' },
    left: ['dump'],
  },
  {
    what: 'a flipped bit, at the level that reads nothing back',
    faults: [{ on: 'PutObject', fault: onDump(keepChanged(flipped)) }],
    args: ['--level', 'landed'],
    exit: 0,
    says: /^The dump landed: .* Its bytes were not read back\.$/,
    checks: unread,
    left: whole,
  },
  {
    what: 'the last byte of the stored object that is missing',
    faults: [{ on: 'PutObject', fault: onDump(keepChanged((bytes) => bytes.subarray(0, -1))) }],
    exit: 1,
    code: 'backup-failed',
    says: /landed: \d+ bytes are stored, where \d+ were written/,
    checks: { landed: 'fail', sha256: 'not-checked', decoded: 'not-checked' },
    left: ['dump'],
  },
  {
    what: 'a connection that breaks in an upload once',
    database: 'large',
    faults: [
      { on: 'UploadPart', fault: drop, times: 1, part: 1 },
      { on: 'CompleteMultipartUpload', fault: loseAnswer, times: 1 },
    ],
    exit: 0,
    says: /^Backup read back/,
    checks: { landed: 'pass', sha256: 'pass', decoded: 'pass', 'archive-rows': 'pass' },
    left: whole,
  },
  {
    what: 'a burst of 503',
    database: 'large',
    faults: (['UploadPart', 'CreateMultipartUpload', 'CompleteMultipartUpload', 'HeadObject', 'PutObject'] as const).map((on) => ({
      on,
      fault: refuse(503, 'SlowDown'),
      times: 2,
    })),
    exit: 0,
    says: /^Backup read back/,
    checks: { landed: 'pass', sha256: 'pass', decoded: 'pass', 'archive-rows': 'pass' },
    left: whole,
  },
  {
    what: 'silence in every part',
    database: 'large',
    faults: [{ on: 'UploadPart', fault: silence }],
    args: ['--stall-timeout', '1s'],
    exit: 3,
    code: 'connection-lost',
    says: /was silent for 1.0 s in the middle of a transfer/,
    left: [],
  },
  {
    what: 'keys that expire before the upload is complete',
    database: 'large',
    faults: [{ on: 'CompleteMultipartUpload', fault: refuse(400, 'ExpiredToken') }],
    exit: 1,
    code: 'backup-failed',
    says: /expired in the middle of the upload/,
    left: [],
  },
  {
    what: 'keys that expire before the upload is complete, so that it cannot be aborted either',
    database: 'large',
    faults: (['CompleteMultipartUpload', 'AbortMultipartUpload'] as const).map((on) => ({ on, fault: refuse(400, 'ExpiredToken') })),
    exit: 1,
    code: 'backup-failed',
    says: /expired in the middle of the upload .*\nIts upload \w+ could not be aborted: parts of it stay in the store/,
    left: [],
    openUploads: 1,
  },
  {
    what: 'a connection that breaks in the read-back once',
    database: 'large',
    faults: [{ on: 'GetObject', fault: onStoredDump(breakAfter(3_000_000)), times: 3 }],
    exit: 0,
    says: /^Backup read back/,
    checks: { sha256: 'pass', decoded: 'pass' },
    left: whole,
  },
  {
    what: 'a read-back that is forbidden',
    faults: [{ on: 'GetObject', fault: onStoredDump(refuse(403, 'AccessDenied')) }],
    exit: 3,
    says: /^The dump landed \(.*\), but could not be read back: The key may not read/,
    checks: unread,
    left: whole,
  },
  {
    what: 'a read-back that stays silent',
    faults: [{ on: 'GetObject', fault: onStoredDump(silenceAfter(100)) }],
    args: ['--stall-timeout', '1s'],
    exit: 3,
    says: /^The dump landed \(.*\), but could not be read back: .* was silent for 1.0 s/,
    checks: unread,
    left: whole,
  },
  {
    what: 'a read-back whose connection always breaks',
    faults: [{ on: 'GetObject', fault: onStoredDump(breakAfter(100)) }],
    exit: 3,
    says: /^The dump landed \(.*\), but could not be read back: The connection to .* broke/,
    checks: unread,
    left: whole,
  },
  {
    what: 'a store that takes the dump and not what lies beside it',
    faults: [{ on: 'PutObject', fault: onKey('.contents.json', refuse(403, 'QuotaExceeded')) }],
    exit: 1,
    code: 'backup-failed',
    says: /a quota is reached/,
    left: ['dump'],
  },
  {
    what: 'a manifest that cannot be written',
    faults: [{ on: 'PutObject', fault: onKey('.manifest.json', refuse(403, 'QuotaExceeded')) }],
    exit: 1,
    code: 'backup-failed',
    says: /a quota is reached/,
    checks: { sha256: 'pass' },
    left: ['contents.json', 'dump', 'roles.sql'],
  },
]

describe('a backup into a bucket', () => {
  test.concurrent.each([...troubles, ...beforeTheDump])('that meets $what', { timeout: 120_000 }, async (trouble) => {
    await using s3 = await startFaultyS3()
    for (const fault of trouble.faults) s3.fail(fault)
    const ended = await runCli(...backup(s3, trouble.database === 'large' ? large : small, trouble.args))
    const command = commandOf(ended)

    expect(trouble.code === undefined ? command.reason : command.error?.message).toMatch(trouble.says)
    expect(command.error?.code).toBe(trouble.code)
    expect([ended.exitCode, command.verdict]).toEqual([trouble.exit, { 0: 'pass', 1: 'fail', 2: 'fail', 3: 'inconclusive' }[trouble.exit]])
    expect(Object.fromEntries(command.checks.map(({ id, status }) => [id, status]))).toMatchObject(trouble.checks ?? {})
    expect(leftIn(s3)).toEqual({ objects: trouble.left, uploads: trouble.openUploads ?? 0 })
    if (beforeTheDump.includes(trouble)) expect(ended.stderr).not.toContain('dumping')
    if (trouble.checks === unread) expect(levelIn(s3)).toBe('landed')
  })
})

describe('a backup into a bucket that is stopped half-way through its upload', () => {
  test.concurrent.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('by %s aborts the upload, leaves nothing and says so', { timeout: 60_000 }, async (signal, exitCode) => {
    await using s3 = await startFaultyS3()
    await using proxy = await startProxy(server.port)
    const running = await halfWay(s3, proxy)
    running.child.kill(signal)
    const ended = await running.ended

    expect([ended.exitCode, ended.signal]).toEqual([exitCode, null])
    expect(commandOf(ended)).toMatchObject({ verdict: 'inconclusive', error: { code: 'interrupted' }, checks: [] })
    expect(s3.asked).not.toContain('CompleteMultipartUpload')
    expect(leftIn(s3)).toEqual({ objects: [], uploads: 0 })
  })

  test('by SIGKILL leaves its upload open, which a run a day later aborts, and no run before', { timeout: 60_000 }, async () => {
    await using s3 = await startFaultyS3()
    await using proxy = await startProxy(server.port)
    const running = await halfWay(s3, proxy)
    running.child.kill('SIGKILL')
    await running.ended
    expect(leftIn(s3)).toEqual({ objects: [], uploads: 1 })

    expect((await runCli(...backup(s3, small))).exitCode).toBe(0)
    expect(leftIn(s3).uploads).toBe(1)
    for (const upload of s3.bucket.uploads.values()) {
      upload.initiated = new Date(Date.now() - 25 * 3_600_000)
      for (const part of upload.parts.values()) part.modified = upload.initiated
    }
    expect((await runCli(...backup(s3, small))).exitCode).toBe(0)
    expect(leftIn(s3).uploads).toBe(0)
  })
})

/** The first part has arrived, and `pg_dump` waits for a table. */
async function halfWay(s3: FaultyS3, proxy: Awaited<ReturnType<typeof startProxy>>) {
  const held = proxy.arm({ on: /^COPY public\.z_last /, at: 'request', what: 'hold' })
  const running = startCli(...backup(s3, proxy.url(large)))
  await held.happened
  await vi.waitFor(() => expect([...s3.bucket.uploads.values()].map(({ parts }) => parts.size)).toEqual([1]), { timeout: 20_000 })
  return running
}

/** Each run has a project of its own: two of the same would wait for each other. */
function backup(s3: FaultyS3, url: string, more: readonly string[] = []): Parameters<typeof runCli> {
  const given = new Map([
    ['--store', 's3://backups/acme'],
    ['--s3-endpoint', s3.endpoint],
    ['--project', uniqueName('shop').replace('_', '-')],
    ['--backup-when', 'always'],
  ])
  for (let at = 0; at < more.length; at += 2) given.set(more[at] as string, more[at + 1] as string)
  const env = { DATABASE_URL: url, AWS_ACCESS_KEY_ID: 'AKIDOFATEST', AWS_SECRET_ACCESS_KEY: 'secretOfATest' }
  return [['backup', '--json', ...[...given].flat()], { cwd: '/', env }]
}

function commandOf(ended: Ended): Result['commands'][number] {
  const [command] = resultOf(ended).commands
  if (command === undefined) throw new Error(ended.stdout)
  return command
}

/** The record of the run is not counted. */
function leftIn({ bucket }: FaultyS3) {
  const keys = [...bucket.objects.keys()].filter((key) => !/\/records\//.test(key))
  const endings = keys.map((key) => (key.includes('/.probe/') ? 'probe' : (/\.(dump|\w+\.\w+)$/.exec(key)?.[1] ?? key)))
  return { objects: endings.sort(), uploads: bucket.uploads.size }
}

function levelIn({ bucket }: FaultyS3): unknown {
  const [, manifest] = [...bucket.objects].find(([key]) => key.endsWith('.manifest.json')) ?? []
  return JSON.parse(String(manifest?.bytes)).level
}

function databaseOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

function always(status: number, code: string): Pick<Trouble, 'faults'> {
  return { faults: everything.map((on) => ({ on, fault: refuse(status, code) })) }
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  copy[copy.length >> 1] = (copy[copy.length >> 1] as number) ^ 1
  return copy
}

/** Goes wrong with some keys alone. */
function onKey(end: string, fault: Fault, also: (s3: FaultyS3['bucket'], key: string) => boolean = () => true): Fault {
  return (exchange) => {
    const { request, response, bucket, carryOut } = exchange
    if (request.key.endsWith(end) && also(bucket, request.key)) return fault(exchange)
    send(response, carryOut(), request.operation === 'HeadObject')
  }
}

function onDump(fault: Fault): Fault {
  return onKey('.dump', fault)
}

/** A key that is free is asked for as well; that is no read-back. */
function onStored(fault: Fault): Fault {
  return onKey('', fault, (bucket, key) => bucket.objects.has(key))
}

function onStoredDump(fault: Fault): Fault {
  return onKey('.dump', fault, (bucket, key) => bucket.objects.has(key))
}
