import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Operation } from '../s3/request.ts'
import { pageAt, root } from './pages.ts'

const folder = join(root, 'src/adapters/storage/s3')

/** Every operation that the store has in it. */
export const operations: readonly Operation[] = [
  ...new Set(
    readdirSync(folder).flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return [...text.matchAll(/new (\w+)Command\(/g)].map(([, name]) => name as Operation)
    }),
  ),
]

/** The right that Amazon asks for each, where it has another name. */
const actions: Partial<Record<Operation, string>> = {
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListObjectsV2: 'ListBucket',
  ListParts: 'ListMultipartUploadParts',
  ListMultipartUploads: 'ListBucketMultipartUploads',
}

export const actionOf = (operation: Operation) => `s3:${actions[operation] ?? operation}`

interface Statement {
  readonly Action: readonly string[]
}

/** What a policy on the page allows. */
export function policyOf(name: 'writer' | 'reader'): { readonly actions: readonly string[] } {
  const block = pageAt('docs/spaces.md').blocks.find(({ lang, meta }) => lang === 'json' && meta === name)
  if (block === undefined) throw new Error(`there is no policy of the ${name}`)
  return { actions: (JSON.parse(block.text) as { Statement: Statement[] }).Statement.flatMap(({ Action }) => Action) }
}
