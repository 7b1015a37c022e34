import { constraintsOf } from '../../sql/locks/constraint.ts'
import { wordsOf } from '../../sql/locks/names.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-create-domain-with-constraint',
  group: 'style',
  severity: 'advice',
  optIn: true,
  problem: 'Changing the constraint later reads every table that uses the domain, while their writers wait.',
  remedy: 'Put the CHECK on the column of each table, where it can be added NOT VALID and validated.',
  because: 'ALTER DOMAIN … ADD CONSTRAINT takes SHARE on every table with a column of the domain and scans them all in one statement.',
  examples: {
    bad: ['create domain amount as int check (value > 0)', 'create domain label as text not null'],
    good: ['create domain amount as int', 'create domain amount as int default 1'],
  },
  on: 'CreateDomainStmt',
  check({ domainname, constraints }) {
    const binding = constraintsOf(constraints).find(({ contype }) => contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL')
    if (binding === undefined) return undefined
    const what = binding.contype === 'CONSTR_CHECK' ? 'a CHECK' : 'NOT NULL'
    return {
      message: `The domain ${wordsOf(domainname).join('.')} carries ${what}, which every table that uses it is read for when it changes.`,
    }
  },
})
