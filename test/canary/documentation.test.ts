import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkKinds, checkSchema } from '../../src/canary/check.ts'

test('every check of the guide is one, and there is one of each kind', async () => {
  const guide = await readFile('docs/canary.md', 'utf8')
  const blocks = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => parse(match[1] as string) as unknown)
  const checks = blocks.flatMap((block) => (block as { canary?: { checks?: unknown[] } }).canary?.checks ?? [])
  const kinds = checks.map((check) => checkSchema.parse(check).kind)
  expect(new Set(kinds)).toEqual(new Set(checkKinds))
})
