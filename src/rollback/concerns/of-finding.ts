import type { Finding } from '../../lint/finding.ts'
import type { Concern, Limit, Settling } from '../concern.ts'

/** What the statement of a finding is about, as far as its text tells. */
export interface Subject {
  /** The relation without its schema. */
  readonly relation: string | undefined
  readonly columns: readonly string[]
  readonly names: readonly string[]
  /** What the statement newly asks of rows, when it asks nothing else. */
  readonly limits: readonly Limit[] | undefined
}

interface Meaning {
  readonly effect: Concern['effect']
  settling(subject: Subject): Settling
}

const names = ({ columns, names: all }: Subject): Extract<Settling, { by: 'names' }> => ({
  by: 'names',
  words: columns.length > 0 ? columns : all,
})
const starred = (subject: Subject): Settling => {
  const { relation } = subject
  return relation === undefined ? names(subject) : { ...names(subject), star: relation }
}
/** The table's writes, whatever columns they name. */
const anyWrite = ({ relation }: Subject): Settling => (relation === undefined ? { by: 'nothing' } : { by: 'writes', to: relation })
const use = ({ relation, columns }: Subject): Settling =>
  relation === undefined ? { by: 'nothing' } : { by: 'use', of: relation, ...(columns.length === 0 ? {} : { columns }) }
const writes = ({ relation, columns }: Subject): Settling =>
  relation === undefined ? { by: 'nothing' } : { by: 'writes', to: relation, ...(columns.length === 0 ? {} : { columns }) }
const inserts = ({ relation, columns }: Subject): Settling =>
  relation === undefined
    ? { by: 'nothing' }
    : { by: 'writes', to: relation, kinds: ['insert'], ...(columns.length === 1 ? { without: columns[0] as string } : {}) }

/** What the rules of `lint` say of code that still runs, said of code that comes back. */
const meanings: Readonly<Record<string, Meaning>> = {
  'ban-change-default': { effect: 'changes-meaning', settling: inserts },
  'ban-drop-not-null': { effect: 'changes-meaning', settling: use },
  'ban-drop-trigger': { effect: 'changes-meaning', settling: anyWrite },
  'ban-disable-trigger': { effect: 'changes-meaning', settling: anyWrite },
  'ban-drop-unique': { effect: 'changes-meaning', settling: anyWrite },
  'ban-revoke': { effect: 'breaks-reads', settling: use },
  'ban-truncate': { effect: 'changes-meaning', settling: use },
  'ban-truncate-cascade': { effect: 'changes-meaning', settling: () => ({ by: 'nothing' }) },
  'ban-detach-partition': { effect: 'changes-meaning', settling: use },
  'ban-losing-replica-identity': { effect: 'breaks-writes', settling: writes },
  'prefer-post-for-backfill': { effect: 'changes-meaning', settling: use },
  'require-compatible-column-type': { effect: 'breaks-reads', settling: use },
  'require-default-on-required-column': { effect: 'breaks-writes', settling: inserts },
  'require-policy-with-row-security': { effect: 'breaks-reads', settling: use },
  'require-post-for-constraints': {
    effect: 'breaks-writes',
    settling: (subject) => {
      const { relation: to, limits } = subject
      return to === undefined || limits === undefined ? writes(subject) : { by: 'rows', to, limits }
    },
  },
  'ban-drop-column': { effect: 'breaks-reads', settling: starred },
  'ban-drop-database': { effect: 'breaks-reads', settling: () => ({ by: 'nothing' }) },
  'ban-drop-function': { effect: 'breaks-reads', settling: names },
  'ban-drop-schema': { effect: 'breaks-reads', settling: names },
  'ban-drop-sequence': { effect: 'breaks-reads', settling: names },
  'ban-drop-table': { effect: 'breaks-reads', settling: names },
  'ban-drop-type': { effect: 'breaks-reads', settling: names },
  'ban-drop-view': { effect: 'breaks-reads', settling: names },
  'ban-rename-object': { effect: 'breaks-reads', settling: names },
  'ban-rename-view': { effect: 'breaks-reads', settling: names },
  'ban-replace-view-columns': { effect: 'breaks-reads', settling: names },
  'ban-replace-function-result': { effect: 'breaks-reads', settling: names },
  'ban-set-schema': { effect: 'breaks-reads', settling: names },
  'renaming-column': { effect: 'breaks-reads', settling: starred },
  'renaming-table': { effect: 'breaks-reads', settling: names },
}

/** About the order of a release, about what the server refuses, or judged in another place. */
const elsewhere: ReadonlySet<string> = new Set([
  'ban-rename-enum-value', // judged by the columns that have the type
  'ban-drop-cascade',
  'require-dependents-first',
  'require-order-of-phases',
  'require-policy-on-new-table',
  'require-pre-for-additions',
])

/** `undefined` for a finding that does not bear on the code of the target. A rule that is not known here breaks. */
export function concernOf({ rule, message }: Finding, subject: Subject): Concern | undefined {
  if (elsewhere.has(rule)) return undefined
  const { effect, settling } = meanings[rule] ?? { effect: 'breaks-reads', settling: () => ({ by: 'nothing' }) as const }
  return { effect, because: message, settling: settling(subject), subjects: subject.names }
}

/** Rules beside those of the group `compatibility` that say what old code meets. */
export const furtherRules: readonly string[] = ['ban-disable-trigger', 'ban-truncate-cascade']
