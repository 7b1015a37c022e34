/** Only a superuser can make these, or they reach out of the cluster. */
const types = [
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
  'SHELL TYPE',
  'SUBSCRIPTION',
  'SUBSCRIPTION TABLE',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'TRANSFORM',
  'USER MAPPING',
]
const byType = new RegExp(`^(?:${types.join('|')}) `)
/** Extensions stand in the cluster already, and belong to its superuser. Other comments go with their object. */
const extensionComment = /^COMMENT EXTENSION /

/** Whether a plain role cannot make an entry: by its type, or by what its definition says. */
export function needsSuperuser(object: string, definition: string, settings: ReadonlySet<string> | undefined): boolean {
  if (byType.test(object) || extensionComment.test(object)) return true
  if (/^(?:FUNCTION|PROCEDURE) /.test(object)) return isSuperuserFunction(definition, settings)
  if (object.startsWith('TYPE ')) return /^ {4}INPUT = /m.test(definition)
  if (object.startsWith('AGGREGATE ')) return /^ {4}M?STYPE = internal\b/m.test(definition)
  // since February 2026 an estimator that is not built in needs a superuser
  if (object.startsWith('OPERATOR ')) return /^ {4}(?:RESTRICT|JOIN) = (?!pg_catalog\.)\S+\.\S/m.test(definition)
  if (object.startsWith('CAST ')) return isSuperuserCast(definition)
  return false
}

/** What stands between the language and the body, as `pg_dump` lays it out. */
const attributes = /^ {4}LANGUAGE (\S+)([\s\S]*?)^ {4}(?:AS|BEGIN ATOMIC|RETURN)\b/m

function isSuperuserFunction(definition: string, settings: ReadonlySet<string> | undefined): boolean {
  const [, language = '', rest = ''] = attributes.exec(definition) ?? []
  if (language === 'c' || language === 'internal' || / (?:LEAKPROOF|SUPPORT)\b/.test(rest)) return true
  const set = [...rest.matchAll(/^ {4}SET "?([^" ]+)"? TO /gm)].map(([, name = '']) => name.toLowerCase())
  return settings !== undefined && set.some((name) => !settings.has(name))
}

/** One that converts nothing trusts its author, and one between two types of PostgreSQL itself belongs to nobody else. */
function isSuperuserCast(definition: string): boolean {
  const [, from = '', to = ''] = /^CREATE CAST \((.*) AS (.*)\) WITH/m.exec(definition) ?? []
  return / WITHOUT FUNCTION\b/.test(definition) || (from !== '' && !from.includes('.') && !to.includes('.'))
}
