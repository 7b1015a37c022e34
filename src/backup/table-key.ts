import { quoteRelation } from '../migration/ledger.ts'
import { nameInText } from '../sql/locks/names.ts'

/**
 * What two spellings of one table's name have in common: programs of different versions know different keywords, and
 * quote different names. PostgreSQL's comments show a line break in a name as a space, and so does this.
 */
export function tableKey(name: string): string {
  return quoteRelation(nameInText(name) ?? { schema: undefined, name }).replaceAll(/[\r\n]/g, ' ')
}
