import { type ChildProcess, fork } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'rolldown'
import { makeWorkspace } from '../../src/adapters/workspace.ts'
import { makeAuthority, makeCertificate } from '../../test/postgres/certificates.ts'
import { measure, type Step } from './step.ts'

/** What is put, and how large the object is said to become. */
export interface StreamSize {
  readonly streamBytes: number
  readonly expectedBytes: number
}

export interface StreamOrder extends StreamSize {
  readonly endpoint: string
  readonly ca: string
}

interface StreamPut {
  readonly step: Step
  readonly parts: { readonly count: number; readonly sizeBytes: number }
}

/** Puts a generated stream through the S3 store, bundled as in a release, into a server that throws the bytes away. */
export async function measureStream(size: StreamSize): Promise<StreamPut> {
  await using workspace = await makeWorkspace({ roots: [tmpdir()] })
  const folder = workspace.path
  let sink: ChildProcess | undefined
  try {
    await makeAuthority(folder, 'authority')
    await makeCertificate(folder, 'sink', 'authority', 'IP:127.0.0.1')
    await build({
      input: join(import.meta.dirname, 'put-stream-process.ts'),
      platform: 'node',
      transform: { target: 'node20', define: { __VERSION__: '"bench"' } },
      output: { dir: folder, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    })
    sink = fork(new URL('./sink-process.ts', import.meta.url), [join(folder, 'sink.crt'), join(folder, 'sink.key')])
    const order: StreamOrder = { endpoint: `https://127.0.0.1:${await portOf(sink)}`, ca: join(folder, 'authority.crt'), ...size }
    const args = [join(folder, 'put-stream-process.mjs'), JSON.stringify(order)]
    const step = await measure({ program: process.execPath, args })
    return { step, parts: (JSON.parse(step.stdout) as StreamPut).parts }
  } finally {
    sink?.kill('SIGKILL')
  }
}

function portOf(sink: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    sink.once('message', (port) => resolve(port as number))
    sink.once('exit', (code) => reject(new Error(`the sink ended with ${code}`)))
  })
}
