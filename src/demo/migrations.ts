/** A file of version 2's project. */
export interface DemoFile {
  readonly file: string
  readonly text: string
}

const expand: DemoFile = {
  file: '0001_add_orders_total_cents.sql',
  text: `-- The new column, empty at first, and a trigger that keeps both in step while two versions write.
alter table orders add column total_cents bigint;

create function orders_sync_total() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.total_cents := coalesce(new.total_cents, round(new.total * 100));
    new.total := coalesce(new.total, new.total_cents / 100.0);
  elsif new.total is distinct from old.total then
    new.total_cents := round(new.total * 100);
  elsif new.total_cents is distinct from old.total_cents then
    new.total := new.total_cents / 100.0;
  end if;
  return new;
end
$$;

create trigger orders_sync_total before insert or update on orders
  for each row execute function orders_sync_total();
`,
}

const backfill: DemoFile = {
  file: '0002_backfill_orders_total_cents.sql',
  text: `-- shiplock: no-transaction
-- Old rows, 1,000 at a time: nobody waits for longer than one batch takes. Running it again does no harm.
do $$
declare
  done_up_to bigint := 0;
  batch_end bigint;
begin
  loop
    select max(id) into batch_end
      from (select id from orders where id > done_up_to order by id limit 1000) as batch;
    exit when batch_end is null;
    update orders set total_cents = round(total * 100)
      where id > done_up_to and id <= batch_end and total_cents is null;
    commit;
    perform pg_sleep(0.005);
    done_up_to := batch_end;
  end loop;
end
$$;
`,
}

const index: DemoFile = {
  file: '0003_index_orders_total_cents.sql',
  text: `-- shiplock: no-transaction
create index concurrently orders_total_cents_idx on orders (total_cents);
`,
}

const check: DemoFile = {
  file: '0004_check_orders_total_cents.sql',
  text: `-- shiplock: no-transaction
-- First for new rows only, which is quick; then the old rows are read while everybody goes on working.
alter table orders add constraint orders_total_cents_present check (total_cents is not null) not valid;
alter table orders validate constraint orders_total_cents_present;
`,
}

const notNull: DemoFile = {
  file: '0005_require_orders_total_cents.sql',
  text: `-- The validated check proves it, so that no row is read again.
alter table orders alter column total_cents set not null;
alter table orders drop constraint orders_total_cents_present;
`,
}

const contract: DemoFile = {
  file: '0006_drop_orders_total.sql',
  text: `-- Only version 1 knew this column.
drop trigger orders_sync_total on orders;
drop function orders_sync_total();
alter table orders drop column total;
`,
}

/** The release's migrations by phase; with `dropEarly` the old column goes while version 1 still reads it. */
export function demoMigrations({ dropEarly }: { dropEarly: boolean }): Record<'pre' | 'post', readonly DemoFile[]> {
  const pre = [expand, backfill, index, check]
  return dropEarly ? { pre: [...pre, contract], post: [notNull] } : { pre, post: [notNull, contract] }
}
