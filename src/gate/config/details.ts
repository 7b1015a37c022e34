import type { Annotation } from '../../lint/publish/annotations.ts'
import type { Judgement } from './judge.ts'
import { pasteBlock } from './paste-block.ts'

/** A key as the result names it. There are names and places, and nothing of what a key is set to. */
type Place = Judgement['missing'][number]

/** What `config-check` adds to its entry in the JSON result. */
export function detailsOf({ missing, questions, takenAsOff, unused, nearMisses, counts }: Judgement) {
  return {
    counts,
    missing: missing.map((one) => ({ ...describe(one), new: one.isNew })),
    questions: questions.map(({ condition, answers, keys }) => ({ condition, answers, keys: keys.map(describe) })),
    takenAsOff: takenAsOff.map(describe),
    unused,
    nearMisses,
    paste: pasteBlock(missing.map(({ key, line }) => ({ name: key.name, comment: line.comment }))),
  }
}

function describe({ key, line }: Place) {
  const { path, line: at, condition } = line
  return { name: key.name, otherNames: [...key.names].filter((name) => name !== key.name), path, line: at, condition }
}

/** Marks beside the lines of the templates; `folder` is that of `shiplock.yml` in its repository. */
export function annotationsOfKeys({ missing, questions, nearMisses }: Judgement, certain: boolean, folder: string): readonly Annotation[] {
  const beside = ({ line }: Place) =>
    line.path === undefined ? {} : { path: folder + line.path, startLine: line.line, endLine: line.line }
  const near = (names: ReadonlySet<string>) => nearMisses.find(({ meant }) => names.has(meant))
  const lacking = new Set(missing.flatMap(({ key }) => [...key.names]))
  return [
    ...missing.map((one): Annotation => {
      const likely = near(one.key.names)
      const message = `The host does not have ${one.key.name}.${likely === undefined ? '' : ` It has ${likely.found}: ${likely.why}.`}`
      return { ...beside(one), severity: one.isNew && certain ? 'error' : 'warning', title: 'config-key-missing', message }
    }),
    ...nearMisses
      .filter(({ meant }) => !lacking.has(meant))
      .map(({ found, meant, why }): Annotation => {
        const message = `The host has ${JSON.stringify(found)}, which the application ignores: ${meant} is meant, it seems (${why}).`
        return { severity: 'warning', title: 'config-near-miss', message }
      }),
    ...questions.flatMap(({ condition, keys }) =>
      keys.slice(0, 1).map((one): Annotation => {
        const message = `${keys.map(({ key }) => key.name).join(', ')}: whether the host needs it hangs on "${condition}", which nobody decided.`
        return { ...beside(one), severity: 'warning', title: 'config-undecided', message }
      }),
    ),
  ]
}
