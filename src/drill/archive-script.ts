/** What an archive says of one entry when it is written as SQL. */
export interface Definition {
  /** Exact, whereas the listing of an archive runs it together with the name before it. */
  readonly owner: string | undefined
  readonly sql: string
}

const header = /^--\n-- TOC entry (\d+) \(class \d+ OID \d+\)\n((?:-- .*\n)*?)--\n/gm

/** Reads what `pg_restore --verbose --file=-` writes: definitions by the number of their entry. */
export function parseScript(script: string): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>()
  const headers = [...script.matchAll(header)]
  for (const [index, { 0: whole, 1: id = '', 2: facts = '', index: start }] of headers.entries()) {
    const owner = /^-- Name: .*; Owner: (.*?)(?:; Tablespace: .*)?$/m.exec(facts)?.[1]
    const sql = script
      .slice(start + whole.length, headers[index + 1]?.index)
      .replace(/\n-- Completed on [\s\S]*$/, '\n')
      .replace(/^\\(?:un)?restrict .*$/gm, '')
    definitions.set(id, { owner: owner === '-' || owner === '' ? undefined : owner, sql })
  }
  return definitions
}

const identifier = '(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_]*)'
const named = new RegExp(`\\b(?:TO|FROM|FOR ROLE|SESSION AUTHORIZATION) (?=(${identifier}(?:, ${identifier})*))`, 'g')

/** Roles that a grant or a policy names. May name more than there are, where a quoted name looks like SQL. */
export function namedRoles(sql: string): readonly string[] {
  return [...sql.matchAll(named)].flatMap(([, list = '']) => (list.match(new RegExp(identifier, 'g')) ?? []).map(unquote))
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
