import { formatSize } from '../../src/units.ts'
import { say } from '../clock.ts'
import { goal, type Section } from '../report.ts'
import { type Site, shiplock } from './contenders.ts'
import { measureStream, type StreamSize } from './put-stream.ts'
import type { Step } from './step.ts'

interface MemoryCourse {
  readonly databases: readonly { readonly site: Site; readonly sizeBytes: number }[]
  readonly streamBytes: number
}

type Row = readonly [what: string, sizeBytes: number, put: Put]

interface Put {
  readonly step: Pick<Step, 'peakBytes' | 'seconds'>
  readonly parts: { readonly count: number; readonly sizeBytes: number } | undefined
}

/** A dump of so many bytes is planned with parts of 32 MiB, and of 64 MiB. */
const largeDumps = [200e9, 450e9] as const

/** The most memory that the Node process ever has, without PostgreSQL's programs. */
export async function measureMemory({ databases, streamBytes }: MemoryCourse): Promise<Section> {
  const rows: Row[] = []
  for (const { site, sizeBytes } of databases) rows.push(['database', sizeBytes, await backUp(site)])
  rows.push(['stream', streamBytes, await putStream({ streamBytes, expectedBytes: streamBytes })])
  for (const expectedBytes of largeDumps)
    rows.push(['start of a stream', expectedBytes, await putStream({ streamBytes: streamBytes / 10, expectedBytes })])
  return {
    title: 'Memory of the Node process',
    text: `The most that was resident, in millions of bytes. Databases are backed up and read back. Streams are generated and go through the same store to a server that throws the bytes away: no disk here holds ${gigabytes(streamBytes)} GB. Of the largest the first ${gigabytes(streamBytes / 10)} GB were sent, in the parts that all of it would have.`,
    headers: ['what', 'GB', 'parts', 'of', 's', 'peak MB'],
    rows: rows.map(([what, sizeBytes, { step, parts }]) => [
      what,
      gigabytes(sizeBytes),
      parts?.count ?? '–',
      parts === undefined ? '–' : formatSize(parts.sizeBytes),
      step.seconds.toFixed(1),
      (step.peakBytes / 1e6).toFixed(0),
    ]),
    goals: rows.map(([what, sizeBytes, { step }]) =>
      goal(`peak-mb-${what.replaceAll(' ', '-')}-${gigabytes(sizeBytes)}-gb`, step.peakBytes / 1e6, 250),
    ),
  }
}

async function backUp(site: Site): Promise<Put> {
  say('memory of a backup')
  const [step] = await shiplock(site, 'read-back').run()
  if (step === undefined) throw new Error('nothing was measured')
  return { step, parts: undefined }
}

async function putStream(size: StreamSize): Promise<Put> {
  say(`memory of a stream of ${gigabytes(size.streamBytes)} GB`)
  return measureStream(size)
}

function gigabytes(bytes: number): string {
  return String(Math.round(bytes / 1e8) / 10)
}
