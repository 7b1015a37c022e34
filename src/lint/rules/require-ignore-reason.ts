import type { CommentRule } from '../rule.ts'

export default {
  name: 'require-ignore-reason',
  group: 'robustness',
  severity: 'error',
  problem: 'Whoever reads the migration later cannot tell whether the danger was seen or only silenced.',
  remedy: 'Write why behind a colon: -- shiplock-ignore rule: reason.',
  because: 'A comment without a reason accepts nothing; those written for squawk need none.',
  examples: {
    bad: ['-- shiplock-ignore require-concurrent-index-creation\ncreate index orders_total_idx on orders (total)'],
    good: [
      '-- shiplock-ignore require-concurrent-index-creation: nobody writes orders on Sundays\ncreate index orders_total_idx on orders (total)',
      '-- squawk-ignore require-concurrent-index-creation\ncreate index orders_total_idx on orders (total)',
    ],
  },
  on: 'comments',
} satisfies CommentRule
