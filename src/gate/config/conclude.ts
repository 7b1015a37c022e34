import { ReleaseError } from '../../errors.ts'
import type { Check } from '../../result.ts'
import { plural } from '../../units.ts'
import type { Judgement } from './judge.ts'
import type { UnreadList } from './sources.ts'

interface Conclusion {
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly reason: string
  readonly error?: ReleaseError
  readonly checks: readonly Check[]
}

interface Evidence {
  readonly judgement: Judgement
  readonly environment: string
  readonly unread: readonly UnreadList[]
  /** Parts of the templates that nobody named. */
  readonly unreadFiles: readonly string[]
}

/** A missing key fails only where all was read that it could stand in. */
export function conclude({ judgement, environment, unread, unreadFiles }: Evidence): Conclusion {
  const { missing, questions, counts } = judgement
  const newly = missing.filter(({ isNew }) => isNew)
  const checks = checksOf({ judgement, environment, unread, unreadFiles })
  if (newly.length > 0) {
    const names = listed(newly.map(({ key }) => key.name))
    const sentence = `${plural(newly.length, 'key')} that this release requires ${newly.length === 1 ? 'is' : 'are'}`
    if (unread.length > 0) {
      return { verdict: 'inconclusive', reason: `${sentence} nowhere that could be read: ${names}. ${sentenceOfUnread(unread)}`, checks }
    }
    const reason = `${sentence} missing in ${environment}: ${names}.`
    return { verdict: 'fail', reason, error: new ReleaseError('config-key-missing', reason, { hint: hintFor(judgement) }), checks }
  }
  if (unreadFiles.length > 0) {
    const reason = `The templates include what was not read: ${listed(unreadFiles)}. Name it in config-template too.`
    return { verdict: 'inconclusive', reason, checks }
  }
  if (questions.length > 0) {
    const keys = questions.reduce((sum, one) => sum + one.keys.length, 0)
    const conditions = listed(questions.map(({ condition }) => condition))
    const hang = `${plural(keys, 'key')} that the host lacks ${keys === 1 ? 'hangs' : 'hang'}`
    return {
      verdict: 'inconclusive',
      reason: `${hang} on a condition that nobody decided: ${conditions}. Answer with config-vars.`,
      checks,
    }
  }
  const older =
    missing.length === 0
      ? ''
      : ` ${plural(missing.length, 'key')} that the live release requires too ${missing.length === 1 ? 'is' : 'are'} missing.`
  const near =
    judgement.nearMisses.length === 0
      ? ''
      : ` ${plural(judgement.nearMisses.length, 'name')} on the host ${judgement.nearMisses.length === 1 ? 'looks' : 'look'} misspelt.`
  const reason =
    missing.length === 0
      ? `The host has all of the ${plural(counts.required, 'key')} that this release requires.`
      : 'No newly required key is missing.'
  return { verdict: 'pass', reason: `${reason}${older}${near}`, checks }
}

function checksOf({ judgement, unread }: Evidence): readonly Check[] {
  const { missing, questions, counts } = judgement
  const newly = missing.filter(({ isNew }) => isNew).length
  const certain: Check['status'] = newly === 0 ? 'pass' : unread.length > 0 ? 'not-checked' : 'fail'
  const older = missing.length > newly ? `; the live release requires ${missing.length - newly} of the others too` : ''
  const has = `${counts.required - missing.length} of ${counts.required} are there${older}`
  return [
    { id: 'required-keys', status: certain, message: has },
    {
      id: 'conditional-keys',
      status: questions.length > 0 ? 'not-checked' : 'pass',
      message: questions.length > 0 ? `${plural(questions.length, 'condition')} not decided` : 'every condition is decided',
    },
    ...unread.map(
      ({ what, because, remedy }): Check => ({
        id: `read-${what.replace(/[^a-z]+/gi, '-').toLowerCase()}`,
        status: 'not-checked',
        message: `${because}. ${remedy}`,
      }),
    ),
  ]
}

function sentenceOfUnread(unread: readonly UnreadList[]): string {
  const [first] = unread as [UnreadList]
  return `Not read: ${listed(unread.map(({ what }) => what))} (${first.because}). ${first.remedy}`
}

function hintFor({ missing, nearMisses }: Judgement): string {
  const lacking = new Set(missing.flatMap(({ key }) => [...key.names]))
  const near = nearMisses.find(({ meant }) => lacking.has(meant))
  return near === undefined
    ? 'Give it a value on the host. Where the application does without it, mark its line in the template: # shiplock: optional'
    : `The host has ${near.found}, which the release does not know: rename it to ${near.meant}. Where the application reads both names, set config-aliases: ${near.found}=${near.meant}`
}

const mostListed = 5

function listed(names: readonly string[]): string {
  const rest = names.length - mostListed
  return rest > 0 ? `${names.slice(0, mostListed).join(', ')} and ${rest} more` : names.join(', ')
}
