import { wordsOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-alter-domain-with-add-constraint',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'Every table with a column of the domain is read from one end to the other while its writers wait.',
  remedy: 'Add the constraint NOT VALID, and validate it in a migration of its own.',
  because:
    'ALTER DOMAIN … ADD CONSTRAINT takes SHARE on each of these tables and keeps it to the end of the transaction; NOT VALID looks at no row.',
  examples: {
    bad: ['alter domain email_address add constraint email_short check (length(value) < 255)', 'alter domain email_address set not null'],
    good: [
      'alter domain email_address add constraint email_short check (length(value) < 255) not valid',
      'alter domain email_address drop not null',
    ],
  },
  on: 'AlterDomainStmt',
  check({ subtype, typeName, def }) {
    const adds = subtype === 'C' && def !== undefined && 'Constraint' in def && def.Constraint.skip_validation !== true
    if (!adds && subtype !== 'O') return undefined
    return { message: `Every table that uses the domain ${wordsOf(typeName).join('.')} is read for the new constraint.` }
  },
})
