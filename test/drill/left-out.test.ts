import { describe, expect, test } from 'vitest'
import type { CatalogObject } from '../../src/backup/content.ts'
import { absencesOf, undumped } from '../../src/drill/left-out.ts'

const object = (kind: string, name: string, facts: CatalogObject['facts'] = {}): CatalogObject => ({ kind, name, facts })
const excuses = (leftOut: string[], one: CatalogObject, others: CatalogObject[] = []) => absencesOf(leftOut, [one, ...others]).excuses(one)

describe('a copy may lack', () => {
  test.each<[string, CatalogObject]>([
    ['TABLE public users', object('table', 'public.users')],
    ['TABLE public part', object('partitioned table', 'public.part')],
    ['TABLE Odd "schema a.b Ü', object('table', '"Odd ""schema"."a.b Ü"')],
    ['TABLE public users', object('column', 'public.users.id')],
    ['FOREIGN TABLE public far', object('column', 'public.far.id')],
    ['TABLE public users', object('index', 'public.users_pkey', { table: 'public.users' })],
    ['TABLE public users', object('constraint', 'public.users.users_pkey')],
    ['TABLE public users', object('trigger', 'public.users.noted')],
    ['TABLE public users', object('policy', 'public.users.own')],
    ['VIEW public seen', object('rule', 'public.seen.quiet')],
    ['INDEX public users_email', object('index', 'public.users_email', { table: 'public.users' })],
    ['CONSTRAINT public users users_pkey', object('index', 'public.users_pkey', { table: 'public.users' })],
    ['FK CONSTRAINT public users users_team', object('constraint', 'public.users.users_team')],
    ['DOMAIN app email', object('constraint', 'app.email.email_check')],
    ['FUNCTION public f(integer, text)', object('function', 'public.f(integer,text)')],
    ['FUNCTION app Odd fn(app."m.x", text[])', object('function', 'app."Odd fn"(app."m.x",text[])')],
    ['AGGREGATE public every_one(*)', object('aggregate', 'public.every_one()')],
    ['OPERATOR app ===', object('operator', 'app.===(pg_catalog.int4,app.mood)')],
    ['OPERATOR CLASS app ops', object('operator class', 'app.ops USING btree')],
    ['CAST CAST (text AS app.twin)', object('cast', '(pg_catalog.text AS app.twin)')],
    ['TRANSFORM TRANSFORM FOR app.t LANGUAGE plperl', object('transform', 'for app.t on language plperl')],
    ['TYPE app mood', object('enum', 'app.mood')],
    ['EXTENSION dblink', object('extension', 'dblink')],
    ['EVENT TRIGGER watching', object('event trigger', 'watching')],
    ['PUBLICATION news', object('publication', 'news')],
    ['FOREIGN DATA WRAPPER w', object('foreign data wrapper', 'w')],
    ['SERVER elsewhere', object('foreign server', 'elsewhere')],
    ['USER MAPPING USER MAPPING Some one SERVER elsewhere', object('user mapping', '"Some one" on elsewhere')],
  ])('what was left out: %s', (entry, one) => {
    expect(excuses([entry], one)).toBe(true)
    expect(excuses([], one)).toBe(false)
  })

  test('what no archive holds', () => {
    const objects = [
      object('setting', 'work_mem'),
      object('subscription', 's'),
      object('index', 'public.broken', { invalid: true, table: 'public.t' }),
    ]
    for (const one of objects) expect(excuses([], one)).toBe(true)
    expect(undumped([...objects, object('table', 'public.t')])).toEqual([
      'setting work_mem',
      'subscription s',
      'index public.broken (invalid)',
    ])
  })

  test.each<[string, CatalogObject['facts'], string[]]>([
    [
      'an owner',
      { owner: 'shop', encoding: 'UTF8', grants: ['public: CONNECT, TEMPORARY by shop', 'shop: CONNECT, CREATE, TEMPORARY by shop'] },
      ['owner of the database'],
    ],
    [
      'other grants',
      { owner: 'shop', grants: ['shop: CONNECT, CREATE, TEMPORARY by shop'] },
      ['owner of the database', 'grants on the database'],
    ],
    ['a comment and a limit', { comment: 'ours', connectionLimit: 9 }, ['comment on the database', 'connection limit of the database']],
  ])('a database has of its own %s, which no copy gets', (_, facts, listed) => {
    expect(undumped([object('database', 'database', facts)])).toEqual(listed)
  })

  test.each<[string, CatalogObject, CatalogObject]>([
    ['TABLE public users', object('comment', 'table public.users'), object('table', 'public.users')],
    ['TABLE public users', object('comment', 'table column public.users."a.b"'), object('table', 'public.users')],
    ['TABLE public users', object('comment', 'trigger noted on public.users'), object('table', 'public.users')],
    ['POLICY public users own', object('comment', 'policy own on public.users'), object('policy', 'public.users.own')],
    ['CHECK CONSTRAINT public users c', object('comment', 'table constraint c on public.users'), object('constraint', 'public.users.c')],
    ['FUNCTION public f(text)', object('comment', 'function public.f(pg_catalog.text)'), object('function', 'public.f(text)')],
    ['TYPE app mood', object('comment', 'type app.mood'), object('enum', 'app.mood')],
    ['SERVER there', object('comment', 'server there'), object('foreign server', 'there')],
    ['EVENT TRIGGER e', object('comment', 'event trigger e'), object('event trigger', 'e')],
  ])('a comment on what was left out: %s, %o', (entry, comment, on) => {
    expect(excuses([entry], comment, [on])).toBe(true)
    expect(excuses(['TABLE public other', 'COMMENT EXTENSION hstore'], comment, [on])).toBe(false)
  })
})

describe('a copy may not lack', () => {
  test.each<[string, CatalogObject]>([
    ['COMMENT EXTENSION hstore', object('schema', 'hstore')],
    ['COMMENT EXTENSION hstore', object('comment', 'table public.users')],
    ['EXTENSION hstore', object('schema', 'hstore')],
    ['PUBLICATION TABLE public p orders', object('table', 'p.orders')],
    ['PUBLICATION TABLE public p orders', object('table', 'public.orders')],
    ['PUBLICATION news', object('publication', 'other')],
    ['ACL public TABLE users', object('table', 'public.users')],
    ['TABLE public users', object('table', 'app.users')],
    ['TABLE public users', object('view', 'public.users')],
    ['TABLE public users', object('index', 'public.users', { table: 'public.teams' })],
    ['TABLE public users', object('column', 'public.users2.id')],
    ['FUNCTION public f(integer)', object('function', 'public.f(integer,text)')],
    ['OPERATOR app ===', object('operator', 'public.===(integer,integer)')],
    ['TYPE app mood', object('enum', 'app.color')],
    ['EVENT TRIGGER e', object('comment', 'schema e')],
  ])('what something alike was left out for: %s, %o', (entry, one) => {
    expect(excuses([entry], one, [object('event trigger', 'e')])).toBe(false)
  })
})

test('what an entry of its own would have made may differ, and nothing else of that object', () => {
  const { excusesFact } = absencesOf(['DEFAULT public t id', 'TABLE ATTACH public part_1', 'SEQUENCE OWNED BY public s'], [])
  expect(excusesFact(object('column', 'public.t.id'), 'default')).toBe(true)
  expect(excusesFact(object('column', 'public.t.id'), 'type')).toBe(false)
  expect(excusesFact(object('column', 'public.t.other'), 'default')).toBe(false)
  expect(excusesFact(object('table', 'public.part_1'), 'partitionBound')).toBe(true)
  expect(excusesFact(object('sequence', 'public.s'), 'ownedBy')).toBe(true)
  expect(excusesFact(object('sequence', 'public.s'), 'bounds')).toBe(false)
})
