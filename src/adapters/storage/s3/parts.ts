import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { PartPlan } from './part-plan.ts'

export interface Part {
  readonly number: number
  readonly bytes: Buffer
  readonly md5: Buffer
  /** Whether it is all that the source had. */
  readonly isWhole: boolean
  /** The bytes are needed no longer: another part takes their place. */
  release(): void
}

/**
 * Cuts a stream into parts, each hashed as it comes: to hash one as a whole would keep its source waiting. They share a few blocks
 * of memory: the source waits until one of them is free.
 */
export async function* inParts(source: Readable, { partSizeBytes, blockCount }: PartPlan): AsyncGenerator<Part> {
  const take = blocks(partSizeBytes, blockCount)
  let { block, release } = await take()
  let number = 1
  let filled = 0
  let hash = createHash('md5')
  for await (const chunk of source as AsyncIterable<Buffer | string>) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    for (let at = 0; at < bytes.length; ) {
      if (filled === partSizeBytes) {
        yield { number, bytes: block, md5: hash.digest(), isWhole: false, release }
        hash = createHash('md5')
        ;({ block, release } = await take())
        number++
        filled = 0
      }
      const copied = bytes.copy(block, filled, at)
      hash.update(bytes.subarray(at, at + copied))
      filled += copied
      at += copied
    }
  }
  yield { number, bytes: block.subarray(0, filled), md5: hash.digest(), isWhole: number === 1, release }
}

interface Taken {
  readonly block: Buffer
  release(): void
}

/** Makes blocks until there are so many; after that, whoever takes one waits until another is released. */
function blocks(sizeBytes: number, most: number): () => Promise<Taken> {
  const free: Buffer[] = []
  let made = 0
  let waiting: ((block: Buffer) => void) | undefined
  const next = async () => {
    const block = free.pop()
    if (block !== undefined) return block
    if (made === most)
      return new Promise<Buffer>((resolve) => {
        waiting = resolve
      })
    made++
    return Buffer.allocUnsafeSlow(sizeBytes)
  }
  const put = (block: Buffer) => {
    const waiter = waiting
    waiting = undefined
    if (waiter === undefined) free.push(block)
    else waiter(block)
  }
  return async () => {
    const block = await next()
    return { block, release: () => put(block) }
  }
}
