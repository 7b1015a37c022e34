import type { RelationName } from '../../sql/locks/names.ts'
import { written, writtenRelation } from '../remedy/write.ts'
import type { RemedyFile } from '../rule.ts'

export interface SecondColumn {
  readonly table: RelationName
  /** What the code that still runs uses. */
  readonly column: string
  /** What the code to come uses. */
  readonly fresh: string
  /** Type of the new column, as SQL. */
  readonly type: string
}

/** Two columns with the same values: both are written, the new one is filled, code changes over, the old one goes. */
export function secondColumn({ table, column, fresh, type }: SecondColumn): RemedyFile[] {
  const on = writtenRelation(table)
  const [old, next] = [written(column), written(fresh)]
  const same = writtenRelation({ schema: table.schema, name: `${table.name}_${column}_is_${fresh}`.slice(0, 63) })
  const trigger = written(`${table.name}_${column}_is_${fresh}`.slice(0, 63))
  return [
    {
      phase: 'pre',
      transactional: true,
      sql: `alter table ${on} add column ${next} ${type};
create function ${same}() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.${next} is null then new.${next} := new.${old}; else new.${old} := new.${next}; end if;
  elsif new.${next} is distinct from old.${next} then
    new.${old} := new.${next};
  else
    new.${next} := new.${old};
  end if;
  return new;
end
$$;
create trigger ${trigger} before insert or update on ${on} for each row execute function ${same}();`,
      note: `In this release: ${fresh} stands beside ${column}, and a trigger writes both. The code stays as it is.`,
    },
    {
      phase: 'post',
      transactional: false,
      sql: `do $$
begin
  loop
    update ${on} set ${next} = ${old}
    where ctid = any (array(select ctid from ${on} where ${next} is null and ${old} is not null limit 5000));
    exit when not found;
    commit;
  end loop;
end
$$;`,
      note: `Fills the rows that were there before. Give ${fresh} the default, the constraints and the indexes that ${column} has.`,
    },
    {
      phase: 'post',
      transactional: true,
      sql: `drop trigger ${trigger} on ${on};
drop function ${same}();
alter table ${on} drop column ${old};`,
      note: `In a later release, whose code uses ${fresh} and no longer ${column}.`,
    },
  ]
}
