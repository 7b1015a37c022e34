import { describe, expect, test } from 'vitest'
import { parseScript } from '../../src/drill/archive-script.ts'
import { type Existing, editContents } from '../../src/drill/contents.ts'

const edit = (listing: string, existing: Existing, script = '') => editContents(listing, parseScript(script), existing)
const nothing = { schemas: new Set<string>(), extensions: new Set<string>() }
const listing = `;
; Archive created at 2026-11-21 23:13:32 UTC
;     TOC Entries: 59
;
10; 2615 16566 SCHEMA - ext postgres
11; 2615 2200 SCHEMA - public pg_database_owner
3; 3079 16513 EXTENSION - dblink 
3611; 0 0 COMMENT - EXTENSION dblink 
;	depends on: 3
2; 3079 16385 EXTENSION - hstore 
3612; 0 0 COMMENT - EXTENSION hstore 
;	depends on: 2
377; 1255 16707 FUNCTION public f() postgres
;	depends on: 3
223; 1259 16659 TABLE public t postgres
;	depends on: 2 2
224; 1259 16660 VIEW public v postgres
;	depends on: 377 223
3617; 0 0 ACL public TABLE t postgres
;	depends on: 223
3618; 0 0 ACL public FUNCTION f() postgres
;	depends on: 377
3599; 0 16659 TABLE DATA public t postgres
;	depends on: 223
3439; 3466 16672 EVENT TRIGGER - et postgres
`

const ids = (list: string) =>
  list
    .split('\n')
    .filter(Boolean)
    .map((line) => Number.parseInt(line, 10))

describe('the table of contents', () => {
  test('keeps its lines and their order, without the comments', () => {
    const { objects } = edit('; head\n5; 1259 1 TABLE public a me\n;\tdepends on: 4\n6; 1259 2 TABLE public b me\n', nothing)
    expect(objects).toBe('5; 1259 1 TABLE public a me\n6; 1259 2 TABLE public b me\n')
  })

  test('loses what a superuser made beforehand, and that is nothing that was left out', () => {
    const existing = { schemas: new Set(['public', 'ext']), extensions: new Set(['dblink', 'hstore']) }
    const { schemas, objects, grants, leftOut } = edit(listing, existing)
    expect([schemas, objects, grants].map(ids)).toEqual([[], [377, 223, 224, 3599], [3617, 3618]])
    expect(leftOut).toEqual(['COMMENT EXTENSION dblink', 'COMMENT EXTENSION hstore', 'EVENT TRIGGER et'])
  })

  test('loses what needs an extension that is not there, through every step, and names it', () => {
    const { schemas, objects, grants, leftOut } = edit(listing, { schemas: new Set(['public']), extensions: new Set(['hstore']) })
    expect([schemas, objects, grants].map(ids)).toEqual([[10], [223, 3599], [3617]])
    expect(leftOut).toEqual([
      'EXTENSION dblink',
      'COMMENT EXTENSION dblink',
      'COMMENT EXTENSION hstore',
      'FUNCTION public f()',
      'VIEW public v',
      'EVENT TRIGGER et',
    ])
  })

  test.each([
    '1; 3466 1 EVENT TRIGGER - et me',
    '1; 6104 1 PUBLICATION - p me',
    '1; 6106 1 PUBLICATION TABLE public p t me',
    '1; 6237 1 PUBLICATION TABLES IN SCHEMA - p app me',
    '1; 6100 1 SUBSCRIPTION - s me',
    '1; 6102 1 SUBSCRIPTION TABLE public s t me',
    '1; 2328 1 FOREIGN DATA WRAPPER - w me',
    '1; 1417 1 SERVER - far me',
    '1; 0 0 USER MAPPING - USER MAPPING me SERVER far me',
    '1; 1259 1 FOREIGN TABLE public ft me',
    '1; 2612 1 PROCEDURAL LANGUAGE - plperlu me',
    '1; 2601 1 ACCESS METHOD - am me',
    '1; 3596 1 SECURITY LABEL public TABLE t me',
    '1; 2616 1 OPERATOR CLASS public oc me',
    '1; 2753 1 OPERATOR FAMILY public of me',
    '1; 3601 1 TEXT SEARCH PARSER public p me',
    '1; 3764 1 TEXT SEARCH TEMPLATE public t me',
    '1; 1247 1 SHELL TYPE public t me',
    '1; 3576 1 TRANSFORM - TRANSFORM FOR hstore LANGUAGE plpgsql ',
  ])('never restores: %s', (line) => {
    expect(edit(line, nothing)).toMatchObject({ schemas: '', objects: '' })
  })

  test.each([
    '1; 1259 1 TABLE public server me',
    '1; 1255 1 FUNCTION public extension() me',
    '1; 3602 1 TEXT SEARCH CONFIGURATION public c me',
    '1; 2605 1 CAST - CAST (public.mood AS integer) ',
    '1; 2613 4242 BLOB - 4242 me',
    '1; 2613 4242 BLOB METADATA - 4242..4243 me',
    '1; 0 0 BLOBS - BLOBS ',
    '1; 0 0 COMMENT public TABLE extension me',
    '1; 0 0 COMMENT - SCHEMA public me',
    '1; 3256 1 POLICY public t po me',
    '1; 2620 1 TRIGGER public t tr me',
  ])('restores: %s', (line) => {
    expect(edit(line, nothing)).toMatchObject({ objects: `${line}\n`, leftOut: [] })
  })
})
