/** What to restore of an archive, and what not. */
export interface EditedContents {
  /** Lines for `pg_restore --use-list`. */
  readonly list: string
  /** Entries that are left out, as people know them; what stands in the cluster already is not among them. */
  readonly leftOut: readonly string[]
}

/** What a superuser made beforehand. */
export interface Existing {
  readonly schemas: ReadonlySet<string>
  readonly extensions: ReadonlySet<string>
}

interface Entry {
  readonly id: string
  readonly line: string
  /** Type, schema and name, without the owner: `TABLE public users`. */
  readonly object: string
  readonly dependsOn: readonly string[]
}

/** Only a superuser can make these, or they reach out of the cluster. */
const superuserTypes = [
  'ACCESS METHOD',
  'EVENT TRIGGER',
  'EXTENSION',
  'FOREIGN DATA WRAPPER',
  'FOREIGN TABLE',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'PROCEDURAL LANGUAGE',
  'PUBLICATION',
  'PUBLICATION TABLE',
  'PUBLICATION TABLES IN SCHEMA',
  'SECURITY LABEL',
  'SERVER',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'USER MAPPING',
]
const superuserEntry = new RegExp(`^(?:${superuserTypes.join('|')}) `)
/** Extensions stand in the cluster already, and belong to its superuser. Other comments go with their object. */
const extensionComment = /^COMMENT EXTENSION /
const privileges = /^(?:DEFAULT )?ACL /

/** Reads what `pg_restore --list --verbose` says, and leaves out what a plain role cannot restore and what needs that. */
export function editContents(listing: string, existing: Existing): EditedContents {
  const entries = parseContents(listing)
  const provided = new Set(entries.filter((entry) => isProvided(entry, existing)).map(({ id }) => id))
  const out = new Set(entries.filter((entry) => !provided.has(entry.id) && needsSuperuser(entry)).map(({ id }) => id))
  for (let before = -1; before !== out.size; ) {
    before = out.size
    for (const { id, dependsOn } of entries) if (dependsOn.some((needed) => out.has(needed))) out.add(id)
  }
  const kept = entries.filter(({ id }) => !provided.has(id) && !out.has(id))
  const leftOut = entries.filter(({ id, object }) => out.has(id) && !privileges.test(object)).map(({ object }) => object)
  return { list: kept.map(({ line }) => `${line}\n`).join(''), leftOut: [...new Set(leftOut)] }
}

function parseContents(listing: string): Entry[] {
  const entries: (Entry & { dependsOn: string[] })[] = []
  for (const line of listing.split('\n')) {
    const entry = /^(\d+); \d+ \d+ (.*)$/.exec(line)
    if (entry !== null) entries.push({ id: entry[1] as string, line, object: withoutOwner(entry[2] as string), dependsOn: [] })
    const needed = /^;\s+depends on: ([\d ]+)$/.exec(line)
    if (needed !== null) entries.at(-1)?.dependsOn.push(...(needed[1] as string).trim().split(/ +/))
  }
  return entries
}

/** `TABLE public users postgres` and `EXTENSION - hstore ` end with the owner, which may be empty. */
function withoutOwner(text: string): string {
  return text.replace(/ [^ ]*$/, '').replace(/^([A-Z ]+) - /, '$1 ')
}

function isProvided({ object }: Entry, existing: Existing): boolean {
  const [, type, name = ''] = /^(SCHEMA|EXTENSION) (.*)$/.exec(object) ?? []
  return (type === 'SCHEMA' && existing.schemas.has(name)) || (type === 'EXTENSION' && existing.extensions.has(name))
}

function needsSuperuser({ object }: Entry): boolean {
  return superuserEntry.test(object) || extensionComment.test(object)
}
