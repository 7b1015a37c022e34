import { ReleaseError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import { parseCondition } from './condition.ts'
import { atomsOf } from './formula.ts'
import type { Keys } from './keys.ts'

/**
 * Throws `invalid-input` for an alias of a key that the release does not have: a typing error there would be a key that
 * seems to be missing. Returns what to say of answers that no condition asks for.
 */
export function refuseUnknownNames(
  release: Keys,
  aliases: ReadonlyMap<string, string>,
  answers: ReadonlyMap<string, boolean>,
): readonly string[] {
  const names = release.all.flatMap((key) => key.lines.map(({ name }) => name))
  for (const [alias, name] of aliases) {
    if (names.includes(alias) || names.includes(name)) continue
    throw new ReleaseError('invalid-input', `config-aliases: the release has no key ${name}.${didYouMean(name, names)}`, {
      hint: 'An alias stands before the key that it serves: OTHER_NAME=NAME.',
    })
  }
  const atoms = new Set(release.all.flatMap(({ lines }) => lines.flatMap(({ when }) => atomsOf(when).map(({ text }) => text))))
  return [...answers.keys()]
    .filter((name) => !atomsOf(parseCondition(name)).some(({ text }) => atoms.has(text)))
    .map((name) => `config-vars answers ${name}, which no template asks.${didYouMean(name, atoms)}`)
}
