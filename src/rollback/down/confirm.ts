import { ReleaseError } from '../../errors.ts'

/** What a person has to have read before a migration is taken back. */
export interface Confirmable {
  readonly database: string
  readonly migration: string
  /** All that is lost, as one number; `undefined` where nobody can count it. */
  readonly total: bigint | undefined
}

export function phraseOf({ database, migration, total }: Confirmable): string {
  return `take back ${migration} on ${database}, losing ${lossWords(total)}`
}

function lossWords(total: bigint | undefined): string {
  if (total === undefined) return 'an unknown amount'
  return total === 0n ? 'nothing' : total.toString()
}

/** Throws `confirmation-wrong`, with what differs: it may have been typed for another moment, or another database. */
export function refuseOtherPhrase(typed: string, confirmable: Confirmable): void {
  const phrase = phraseOf(confirmable)
  const given = typed.trim().replaceAll(/\s+/g, ' ')
  if (given === phrase.replaceAll(/\s+/g, ' ')) return
  const parts = partsOf(given, confirmable)
  const differing =
    parts === null
      ? ['it is not of the form "take back <migration> on <database>, losing <count>"']
      : [
          differs('the migration', parts[1], confirmable.migration),
          differs('the database', parts[2], confirmable.database),
          differs('what is lost', parts[3], lossWords(confirmable.total)),
        ].filter((part) => part !== undefined)
  throw new ReleaseError(
    'confirmation-wrong',
    `The phrase is not the one for what would happen now: ${differing.join('; ')}. Nothing was changed.`,
    {
      hint: `Read again what would be lost. When that is what you want, type: ${phrase}`,
    },
  )
}

/** Names may hold the words between them: a part that is right is found first. */
function partsOf(given: string, { migration, database, total }: Confirmable): RegExpExecArray | null {
  const [one, two, three] = [migration, database, lossWords(total)].map((part) => {
    const text = part.replaceAll(/\s+/g, ' ').replaceAll(/[^\w ]/gu, (sign) => `\\u{${(sign.codePointAt(0) as number).toString(16)}}`)
    return `(${text}|.+)`
  })
  return new RegExp(`^take back ${one} on ${two}, losing ${three}$`, 'u').exec(given)
}

function differs(what: string, typed: string | undefined, actual: string): string | undefined {
  return typed === actual.replaceAll(/\s+/g, ' ') ? undefined : `${what} is ${actual}, and ${JSON.stringify(typed)} was typed`
}
