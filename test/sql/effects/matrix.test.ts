import { beforeAll, describe, expect, test } from 'vitest'
import { copySchema } from '../../../src/sql/schema/copy.ts'
import type { Schema } from '../../../src/sql/schema/schema.ts'
import { matrixSchema } from './matrix-schema.ts'
import { footprintOf, foretold, matrix } from './measured.ts'
import { effectsOn, replayed } from './replayed.ts'

let before: Schema
beforeAll(async () => {
  before = await replayed(matrixSchema)
})

test('the matrix has 80 statements', () => {
  expect(matrix.length).toBe(80)
})

describe('locks, rewrites and scans are those that a server was seen to take', () => {
  test.each(matrix.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const schema = copySchema(before)
    const effects = await effectsOn(schema, one.sql)
    // the file calls a relation by its name afterwards, and has none of those that were dropped
    const after = new Map([...before.relations].map(([id, { name }]) => [name, schema.relations.get(id)?.name]))
    const gone = new Set([...after].flatMap(([name, now]) => (now === undefined ? [name] : [])))
    const old = new Set(after.values())
    const found = foretold(effects, gone)
    // what was refused had given its locks back when they were looked at
    expect(one.error === null ? found : { ...found, locks: {} }).toEqual(footprintOf(one, (name) => old.has(name)))
  })
})
