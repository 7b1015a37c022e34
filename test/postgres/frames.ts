interface Frame {
  readonly bytes: Buffer
  /** The message's kind; empty for those that come before any other. */
  readonly type: string
  /** The text of a Query or Parse. */
  readonly statement: string | undefined
}

/** Cuts one direction of a connection without TLS into messages. https://www.postgresql.org/docs/current/protocol-message-formats.html */
export class Frames {
  #rest = Buffer.alloc(0)
  /** A client's first message has a length and no kind. */
  #isStart: boolean

  constructor(from: 'client' | 'server') {
    this.#isStart = from === 'client'
  }

  /** The messages that are complete with these bytes. */
  take(bytes: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const frames: Frame[] = []
    for (;;) {
      const kind = this.#isStart ? 0 : 1
      if (this.#rest.length < kind + 4) return frames
      const length = kind + this.#rest.readUInt32BE(kind)
      if (this.#rest.length < length) return frames
      const frame = this.#rest.subarray(0, length)
      this.#rest = this.#rest.subarray(length)
      const type = this.#isStart ? '' : String.fromCharCode(frame[0] as number)
      this.#isStart = false
      frames.push({ bytes: frame, type, statement: statementOf(type, frame) })
    }
  }
}

function statementOf(type: string, frame: Buffer): string | undefined {
  if (type !== 'Q' && type !== 'P') return undefined
  const start = type === 'Q' ? 5 : frame.indexOf(0, 5) + 1
  return frame.toString('utf8', start, frame.indexOf(0, start))
}
