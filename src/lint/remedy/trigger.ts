import type { StatementScope } from '../scope.ts'
import { nameFrom, wordsLike, written } from './write.ts'

interface Kept {
  readonly table: string
  /** The table's name for a statement. */
  readonly sql: string
  readonly column: string
  /** What the column is to hold, with `new.` before each column. */
  readonly expression: string
}

/** Statements that make and take away a trigger which computes a column in every row that is written. */
export function keepingTrigger({ table, sql, column, expression }: Kept, scope: StatementScope) {
  const kw = wordsLike(scope)
  const name = written(nameFrom('keep', table, column))
  const col = written(column)
  return {
    create: [
      kw`create function ${name}() returns trigger language plpgsql as $$
begin
  new.${col} := ${expression};
  return new;
end $$`,
      kw`create trigger ${name} before insert or update on ${sql} for each row execute function ${name}()`,
    ],
    drop: [kw`drop trigger ${name} on ${sql}`, kw`drop function ${name}()`],
  }
}
