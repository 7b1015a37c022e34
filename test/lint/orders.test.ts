import { expect, test } from 'vitest'
import { compareOrders, type OrderedFile } from '../../src/lint/orders.ts'
import { parseStatements } from '../../src/sql/parse.ts'

async function file(version: number, phase: 'pre' | 'post', sql: string, isNew = false): Promise<OrderedFile> {
  const parsed = await parseStatements(sql)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return { migration: { version: String(version), phase }, isNew, statements: parsed.statements }
}

const users = file(1, 'pre', 'create table users (id int, name text)')
const compare = async (...files: readonly Promise<OrderedFile>[]) => compareOrders(await Promise.all([users, ...files]))

test('a post migration that removes what a later pre migration makes again is told by name', async () => {
  const found = await compare(
    file(2, 'post', 'alter table users drop column name'),
    file(3, 'pre', 'alter table users add column name text', true),
  )
  expect(found).toEqual([{ order: 'by-folder', objects: ['column public.users.name'] }])
})

test('a pre migration that builds on what a lower-numbered post migration makes is told once', async () => {
  const found = await compare(
    file(2, 'post', 'create table carts (id int)', true),
    file(3, 'pre', 'alter table carts add column note text', true),
  )
  expect(found).toEqual([{ order: 'by-number', objects: ['column public.carts.note'] }])
})

test('orders that come to the same end are not told, whatever their way', async () => {
  const found = await compare(
    file(2, 'post', 'alter table users drop column name', true),
    file(3, 'pre', 'alter table users add column label text', true),
  )
  expect(found).toEqual([])
})

test('a difference that the released files have already is not told again', async () => {
  const found = await compare(
    file(2, 'post', 'alter table users drop column name'),
    file(3, 'pre', 'alter table users add column name text'),
    file(4, 'pre', 'alter table users add column label text', true),
  )
  expect(found).toEqual([])
})

test('a number below a released one counts as run late', async () => {
  const found = await compare(
    file(5, 'pre', 'alter table users rename column name to label'),
    file(4, 'pre', 'alter table users drop column name', true),
  )
  expect(found).toEqual([{ order: 'by-number', objects: ['column public.users.label'] }])
})
