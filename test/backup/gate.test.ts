import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, expect, test } from 'vitest'
import { startChild } from '../../src/adapters/process.ts'
import { gate } from '../../src/backup/gate.ts'
import { memoryStore } from '../fakes/store.ts'

const never = new AbortController().signal

describe('the gate', () => {
  test('passes bytes on before the promise is settled', async () => {
    const opened = gate(new Promise(() => {}))
    opened.write('first')

    expect(String((await opened[Symbol.asyncIterator]().next()).value)).toBe('first')
  })

  test('holds the end back until the promise has resolved', async () => {
    let finish = () => {}
    const opened = Readable.from(['all']).pipe(
      gate(
        new Promise<void>((resolve) => {
          finish = resolve
        }),
      ),
    )
    let ended = false
    const content = text(opened).finally(() => {
      ended = true
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(ended).toBe(false)
    finish()

    expect(await content).toBe('all')
  })

  test('breaks the stream when the promise rejects, even when the bytes never end', async () => {
    const source = new PassThrough()
    source.write('half')
    const broken = text(source.pipe(gate(Promise.reject(new Error('exit 1')))))

    await expect(broken).rejects.toThrow('exit 1')
  })

  test('does not bring the process down when nobody reads yet', async () => {
    const broken = gate(Promise.reject(new Error('exit 1')))
    await new Promise((resolve) => setTimeout(resolve, 10))

    await expect(text(broken)).rejects.toThrow('exit 1')
  })
})

describe('a program that is killed in the middle', () => {
  const dying = () => {
    const child = startChild('/bin/sh', ['-c', 'printf "half of it"; kill -9 $$'], { env: {} })
    const finished = child.ended.then(({ exitCode }) => {
      if (exitCode !== 0) throw new Error('killed')
    })
    finished.catch(() => {})
    return { archive: child.stdout, finished }
  }

  test('leaves no object behind the gate', async () => {
    const store = memoryStore()
    const { archive, finished } = dying()
    const gated = gate(finished)
    const passed = pipeline(archive, gated)
    passed.catch(() => {})

    await expect(store.put('a.dump', gated, never)).rejects.toThrow('killed')
    expect([...store.objects]).toEqual([])
  })

  test('leaves half an object without the gate', async () => {
    const store = memoryStore()
    await store.put('a.dump', dying().archive, never)

    expect(String(store.objects.get('a.dump'))).toBe('half of it')
  })
})
