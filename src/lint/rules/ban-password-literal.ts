import type { Node } from '@pgsql/types'
import { optionsOf, wordsOf } from '../../sql/locks/names.ts'
import type { StatementRule } from '../rule.ts'
import { passwordIn } from '../secret-literals.ts'

const rule: StatementRule = {
  name: 'ban-password-literal',
  group: 'data',
  severity: 'error',
  problem: 'Everybody who can read the repository, its history or the log of the server has the password.',
  remedy: "Take it out, change it, and set it outside of migrations: with psql's \\password, or from the secret store.",
  because:
    'The statement is kept in version control for good, and the server writes it to its log whenever it logs statements or an error. A SCRAM verifier is no password, but it can be guessed from at leisure.',
  examples: {
    bad: [
      "create role reader login password 'example'",
      "create role writer; alter role writer with encrypted password 'example'",
      "do $$ begin execute 'create user auditor password ''example'''; end $$",
      {
        given: 'create foreign data wrapper files; create server files foreign data wrapper files',
        files: [{ sql: "create user mapping for current_user server files options (user 'a', password 'example')" }],
      },
      "create subscription copies connection 'host=db password=example' publication shop with (connect = false)",
      "create subscription copies connection 'postgres://a:example@db/shop' publication shop with (connect = false)",
    ],
    good: [
      'create role keeper login',
      'create role guest; alter role guest password null',
      "create subscription copies connection 'service=db' publication shop with (connect = false)",
      "create subscription copies connection 'postgres://a@db/shop' publication shop with (connect = false)",
    ],
  },
  on: [
    'CreateRoleStmt',
    'AlterRoleStmt',
    'CreateUserMappingStmt',
    'AlterUserMappingStmt',
    'CreateSubscriptionStmt',
    'AlterSubscriptionStmt',
  ],
  check(content: { readonly options?: Node[]; readonly conninfo?: string }) {
    const password = optionsOf(content.options).find(({ defname }) => defname === 'password')?.arg
    const text = password === undefined ? passwordIn(content.conninfo) : wordsOf(password)[0]
    if (text === undefined) return undefined
    return text.startsWith('SCRAM-SHA-256$')
      ? { message: 'The verifier of a password stands in the migration.', severity: 'warning' }
      : { message: 'A password stands in the migration.' }
  },
}

export default rule
