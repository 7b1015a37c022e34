import type { DropStmt } from '@pgsql/types'

/** DROP of anything; with CASCADE nobody knows from the text what falls. */
export function drop({ removeType = 'OBJECT_TABLE', behavior }: DropStmt): string | undefined {
  const cascades = behavior === 'DROP_CASCADE'
  if (harmlessDrops.has(removeType) && !cascades) return undefined
  const what = objectName(removeType)
  return `DROP ${what}${cascades ? ' CASCADE' : ''}`
}

/** `OBJECT_MATVIEW` as `MATERIALIZED VIEW`. */
export function objectName(type: string): string {
  return type.replace('OBJECT_', '').replace('MATVIEW', 'MATERIALIZED VIEW').replaceAll('_', ' ')
}

/** What no row lives in, or what is made anew from rows and from the team's files. */
const harmlessDrops: ReadonlySet<string> = new Set(
  `ACCESS_METHOD AGGREGATE CAST COLLATION CONVERSION DOMAIN EVENT_TRIGGER FUNCTION INDEX LANGUAGE OPCLASS OPERATOR OPFAMILY
  POLICY PROCEDURE PUBLICATION ROUTINE RULE STATISTIC_EXT TRANSFORM TRIGGER TSCONFIGURATION TSDICTIONARY TSPARSER TSTEMPLATE VIEW`
    .split(/\s+/)
    .map((type) => `OBJECT_${type}`),
)
