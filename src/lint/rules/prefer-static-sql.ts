import type { FileRule } from '../rule.ts'

const rule: FileRule = {
  name: 'prefer-static-sql',
  group: 'robustness',
  severity: 'advice',
  problem: 'What it runs was not checked: it may lock, change or remove anything.',
  remedy: 'Write the statements out, or give EXECUTE a text without variables.',
  because:
    'EXECUTE runs a text that exists only at run time; constants, FORMAT of constants and FOREACH over an array of constants are read as if they stood there.',
  examples: {
    bad: [
      "do $$ declare t text; begin for t in select relname from pg_class where relname = 'events_2025' loop execute format('drop table %I', t); end loop; end $$",
    ],
    good: [
      "do $$ begin execute 'alter table users add column points int'; end $$",
      "do $$ declare t text; begin foreach t in array array['users', 'orders'] loop execute format('alter table %I add column points int', t); end loop; end $$",
    ],
  },
  checkFile: ({ file }) =>
    [...file.up.unread.values()].flat().map(({ what, location }) => ({ message: `This runs ${what}, which was not checked.`, location })),
}

export default rule
