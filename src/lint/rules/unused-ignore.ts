import type { CommentRule } from '../rule.ts'

export default {
  name: 'unused-ignore',
  group: 'robustness',
  severity: 'warning',
  problem: 'A comment that accepts nothing hides the next problem of its kind from whoever reviews it.',
  remedy: 'Delete the comment, or correct the name of the rule.',
  because: 'A comment accepts a finding of the statement that it stands at, and one that once did may have outlived the statement.',
  examples: {
    bad: [
      '-- shiplock-ignore require-concurrent-index-creation: the table is small\nselect 1',
      '-- shiplock-ignore require-concurent-index-creation: the table is small\ncreate index orders_total_idx on orders (total)',
    ],
    good: ['-- shiplock-ignore require-concurrent-index-creation: the table is small\ncreate index orders_total_idx on orders (total)'],
  },
  on: 'comments',
} satisfies CommentRule
