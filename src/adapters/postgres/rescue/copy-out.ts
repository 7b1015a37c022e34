import { Readable } from 'node:stream'
import type pg from 'pg'

/** What node-postgres calls on the query that it is busy with. */
interface Wire {
  query(sql: string): void
  readonly stream: { pause(): void; resume(): void }
}

const batchBytes = 64 * 1024

/** The rows of a COPY … TO STDOUT as they come; the server waits while nobody reads. */
export function copyOut(client: pg.Client, sql: string): Readable {
  let wire: Wire | undefined
  let gathered: Buffer[] = []
  let sizeBytes = 0
  let ended = false
  const stream = new Readable({
    read: () => wire?.stream.resume(),
    destroy(error, done) {
      wire?.stream.resume() // what is still to come is read and thrown away, or the connection would hang
      done(error)
    },
  })
  const flush = () => {
    if (sizeBytes === 0 || stream.destroyed) return
    const batch = Buffer.concat(gathered)
    gathered = []
    sizeBytes = 0
    if (!stream.push(batch) && !ended) wire?.stream.pause()
  }
  const nothing = () => {}
  const query = {
    submit(connection: Wire) {
      wire = connection
      connection.query(sql)
    },
    handleCopyData({ chunk }: { readonly chunk: Buffer }) {
      gathered.push(Buffer.from(chunk)) // the parser uses its buffer again
      sizeBytes += chunk.length
      if (sizeBytes >= batchBytes) flush()
    },
    handleError(error: Error) {
      ended = true
      stream.destroy(error)
    },
    handleReadyForQuery() {
      ended = true
      flush()
      if (!stream.destroyed) stream.push(null)
    },
    handleCommandComplete: nothing,
    handleRowDescription: nothing,
    handleDataRow: nothing,
    handlePortalSuspended: nothing,
    handleEmptyQuery: nothing,
  }
  client.query(query as unknown as pg.Submittable)
  return stream
}
