import { StatementText } from '../remedy/alter-text.ts'
import type { StatementRule } from '../rule.ts'
import type { StatementScope } from '../scope.ts'

/** NAMEDATALEN is 64, of which the last byte ends the name. */
const longest = 63

export default {
  name: 'identifier-too-long',
  group: 'robustness',
  severity: 'warning',
  problem: 'The server cuts the name without an error, so that it is not the one that is written, and two such names may become the same.',
  remedy: 'Choose a name of at most 63 bytes.',
  because:
    'PostgreSQL keeps 63 bytes of a name and cuts the rest, with no more than a notice. Letters beyond ASCII count two bytes or more.',
  examples: {
    bad: [
      'alter table orders add column the_reason_why_the_customer_sent_the_order_back_to_us_in_his_own_words text',
      'create table "Bestellungen die der Käufer während des Prüfzeitraumes zurückgab" (id bigint)',
    ],
    good: [
      'alter table orders add column the_reason_why_the_customer_sent_the_order_back text',
      "comment on table orders is 'a comment may be longer than any name, since it is a text that nobody has to type again'",
      "alter table orders add column memo text default 'AVeryLongWordWithoutAnySpaceInItWhichIsNoNameButAConstantOfTheColumnItself'",
    ],
  },
  on: 'every-statement',
  check(_: never, scope: StatementScope) {
    if (!mayHold(scope.sql)) return undefined
    const before = Buffer.byteLength(scope.text.text.slice(0, scope.statement.start), 'utf8')
    const names = new StatementText(scope).tokens.filter(
      ({ isIdentifier, text }) => isIdentifier && Buffer.byteLength(nameIn(text), 'utf8') > longest,
    )
    return [...new Map(names.map((token) => [token.text, token])).values()].map(({ text, start }) => ({
      message: `The name ${text} has ${Buffer.byteLength(nameIn(text), 'utf8')} bytes, and the server keeps ${longest} of them.`,
      location: before + start,
    }))
  },
} satisfies StatementRule

function nameIn(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
}

/** Most statements hold no run of characters that could be such a name, and need no scanner. */
function mayHold(sql: string): boolean {
  return /[^\s"(),;]{32}|"[^"]{32}/.test(sql) && Buffer.byteLength(sql, 'utf8') > longest
}
