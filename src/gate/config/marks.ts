import { ReleaseError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { keyName } from './key-line.ts'

/** What a comment `shiplock: …` says about a key. */
export interface Marks {
  readonly need?: 'required' | 'optional'
  readonly aliases: readonly string[]
  /** Keys of which the host must have one for this key to count. */
  readonly when: readonly string[]
}

export const noMarks: Marks = { aliases: [], when: [] }

/** The marks in a comment; `undefined` when it holds none. Throws `invalid-template`. */
export function marksIn(comment: string, at: string): Marks | undefined {
  const found = /(?:^|\s)shiplock:(.*)$/.exec(comment)?.[1]
  return found === undefined ? undefined : readMarks(found, at)
}

/** `required optional alias=NAME when=NAME`, with blanks or commas between. */
export function readMarks(text: string, at: string): Marks {
  let marks = noMarks
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    const [kind = '', name] = word.split('=')
    if ((word === 'required' || word === 'optional') && marks.need === undefined) marks = { ...marks, need: word }
    else if (kind === 'alias' && isName(name)) marks = { ...marks, aliases: [...marks.aliases, name] }
    else if (kind === 'when' && isName(name)) marks = { ...marks, when: [...marks.when, name] }
    else throw unknownMark(kind, at)
  }
  return marks
}

export function joinMarks(one: Marks, other: Marks): Marks {
  const need = other.need ?? one.need
  const aliases = [...one.aliases, ...other.aliases]
  return { ...(need === undefined ? {} : { need }), aliases, when: [...one.when, ...other.when] }
}

function isName(text: string | undefined): text is string {
  return text !== undefined && keyName.test(text)
}

/** The word itself may be anything, a value too. */
function unknownMark(kind: string, at: string): ReleaseError {
  const known = ['required', 'optional', 'alias', 'when']
  const problem = known.includes(kind)
    ? `the mark ${kind} is not written as it should be`
    : `there is no such mark.${didYouMean(kind, known)}`
  return new ReleaseError('invalid-template', `${at}: ${problem.replace(/\.$/, '')}.`, {
    hint: 'Marks are required, optional, alias=NAME and when=NAME: # shiplock: optional alias=OLD_NAME',
    ...(/:\d+$/.test(at) ? { at: `${at}:1` } : {}),
  })
}
