import { addedConstraint, alteredOldTable } from '../remedy/alterations.ts'
import { defineRule } from '../rule.ts'

export default defineRule({
  name: 'ban-exclusion-constraint',
  group: 'locks',
  severity: 'error',
  problem: 'Nobody can read or write the table until the index of the constraint is built.',
  remedy: 'Make a new table with the constraint and move the rows over, or accept it in quiet hours with a suppression that says so.',
  because:
    'ADD CONSTRAINT … EXCLUDE builds its index under ACCESS EXCLUSIVE. No PostgreSQL up to 18 has a way around it: neither NOT VALID nor USING INDEX knows exclusion constraints.',
  examples: {
    bad: [
      'alter table orders add constraint orders_no_overlap exclude using gist (int8range(id, id + amount) with &&)',
      'alter table users add exclude (email with =)',
    ],
    good: [
      'create table bookings (room int4range, exclude using gist (room with &&))',
      'create table bookings (room int4range); alter table bookings add exclude using gist (room with &&)',
    ],
  },
  on: 'AlterTableStmt',
  check(alter, scope) {
    const old = alteredOldTable(alter, scope)
    return old?.commands
      .flatMap((command) => addedConstraint(command) ?? [])
      .filter(({ contype }) => contype === 'CONSTR_EXCLUSION')
      .map(({ conname, location }) => ({
        message: `Adding the exclusion constraint${conname === undefined ? '' : ` ${conname}`} builds its index while nobody can read or write ${old.name}.`,
        harm: `Every query on ${old.name} waits.`,
        location,
      }))
  },
})
