/** Selects objects as `kind`, `name` and `facts`, whose nulls are left out. Newer servers have columns that older ones do not know. */
export type CatalogQuery = (serverMajor: number) => string

/** A name with its schema, quoted only where needed. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`
}

export function facts(given: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(given).map(([name, expression]) => `'${name}', ${expression}`)
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) as facts`
}

/** Who may do what, as a sorted list; what an owner and everybody may do by default is written out. A star: may pass it on. */
export function grants(acl: string, kind: string, owner: string): string {
  return grantList(`coalesce(${acl}, acldefault('${kind}', ${owner}))`)
}

/** The same for an access list that stands as it is; nothing at all when there is none. */
export function grantList(acl: string): string {
  return `(select jsonb_agg(listed.entry order by listed.entry collate "C") from (
    select concat(case granted.grantee when 0 then 'public' else pg_get_userbyid(granted.grantee) end, ': ',
      string_agg(granted.privilege_type || case when granted.is_grantable then '*' else '' end, ', ' order by granted.privilege_type collate "C"),
      ' by ', pg_get_userbyid(granted.grantor)) as entry
    from aclexplode(${acl}) as granted group by granted.grantee, granted.grantor) as listed)`
}

/** A list of texts in an order that no storage decides. */
export function sorted(array: string): string {
  return `(select jsonb_agg(item order by item collate "C") from unnest(${array}) as item)`
}

/** True, or left out. */
export function flag(condition: string): string {
  return `nullif(${condition}, false)`
}
