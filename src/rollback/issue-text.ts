import { urlPart } from '../lint/publish/url-path.ts'
import { code, md, type Section, table, withinBudget } from '../markdown.ts'
import { oneLine } from '../visible-text.ts'

/** What an issue tells of a rollback, or of a hotfix in its place. All texts are raw. */
export interface Story {
  readonly kind: 'rollback' | 'hotfix'
  readonly project: string
  readonly environment: string
  /** Name and commit; the release that goes may be unknown. */
  readonly from: { readonly name: string; readonly commit: string | undefined } | undefined
  readonly to: { readonly name: string; readonly commit: string }
  readonly shape: string
  readonly who: string
  readonly why: string
  /** The verdict in a sentence, which names the deciding line. */
  readonly sentence: string
  readonly deciding: { readonly place: string; readonly statement: string } | undefined
  /** Of the tests of the target; `undefined` when nobody knows. */
  readonly tests: string | undefined
  readonly leftBehind: readonly string[]
  readonly checklist: readonly string[]
  /** Addresses of our own making: of the repository, and of the run. */
  readonly links: { readonly repository: string; readonly run: string | undefined }
  readonly tool: string
}

/** GitHub refuses 65,536 characters, and titles of more than 256. */
const budget = 60_000
const longestTitle = 240
const longestCell = 1000
/** Longer addresses are refused by servers and mangled by terminals. */
const longestLink = 4000

/** The issue is found again by it, together with its author. It holds nothing that could end the comment it is in. */
export function issueMarker({ kind, project, environment, from, to }: Story): string {
  const parts = [kind, project, environment, from?.commit ?? from?.name ?? 'unknown', to.commit]
  return `<!-- shiplock:${parts.map((one) => urlPart(one).replaceAll('--', '-%2D')).join(':')} -->`
}

/** Plain text: a title is no Markdown. */
export function issueTitle({ kind, environment, from, to }: Story): string {
  const ends = `${from?.name ?? 'what is live'} → ${to.name}`
  const title = kind === 'rollback' ? `Rollback of ${environment}: ${ends}` : `Hotfix needed: ${environment}, in place of ${ends}`
  return oneLine(title).slice(0, longestTitle)
}

export function issueBody(story: Story): string {
  const { sentence, leftBehind, checklist, links, tool } = story
  const footer = [md(tool), ...(links.run === undefined ? [] : [`[run](${links.run})`])].join(' · ')
  const sections: Section[] = [
    { before: `${issueMarker(story)}\n**${md(clip(sentence))}**` },
    { before: facts(story) },
    { before: '### To do\n', rows: checklist.map((one) => `- [ ] ${md(clip(one))}`) },
    ...(leftBehind.length === 0
      ? []
      : [{ before: '### What stays behind in the schema\n', rows: leftBehind.map((one) => `- ${code(clip(one))}`) }]),
    { before: `<sub>${footer}</sub>` },
  ]
  return `${withinBudget(sections, budget)}\n`
}

/** What a second run of the same adds below the issue. */
export function issueAgain({ kind, who, why, sentence, links, tool }: Story): string {
  const what = kind === 'rollback' ? 'The same rollback was decided again' : 'The same hotfix was asked for again'
  const run = links.run === undefined ? '' : ` · [run](${links.run})`
  return `${what}, by ${code(who)}: ${md(clip(why))}\n\n${md(clip(sentence))}\n\n<sub>${md(tool)}${run}</sub>\n`
}

/** An address where a person opens the issue by hand, with its text filled in; shorter texts where the whole one does not fit. */
export function issueLink(story: Story): string {
  const { checklist, leftBehind } = story
  const link = (one: Story) => `${one.links.repository}/issues/new?title=${urlPart(issueTitle(one))}&body=${urlPart(issueBody(one))}`
  const shorter = [story, { ...story, leftBehind: leftBehind.slice(0, 5) }, { ...story, leftBehind: [], deciding: undefined }]
  return (
    shorter.map(link).find((one) => one.length <= longestLink) ??
    `${story.links.repository}/issues/new?title=${urlPart(issueTitle({ ...story, checklist }))}`
  )
}

function facts({ project, environment, from, to, shape, who, why, deciding, tests, links }: Story): string {
  const release = (one: { name: string; commit: string | undefined }) =>
    one.commit === undefined || !/^[0-9a-f]{40,64}$/.test(one.commit)
      ? code(clip(one.name))
      : `${code(clip(one.name))} ([${one.commit.slice(0, 12)}](${links.repository}/commit/${one.commit}))`
  const rows: [string, string | undefined][] = [
    ['Environment', code(clip(environment))],
    ['Project', code(clip(project))],
    ['From', from === undefined ? undefined : release(from)],
    ['To', release(to)],
    ['Shape', code(shape)],
    ['Who', code(clip(who))],
    ['Why', md(clip(why))],
    ['Deciding line', deciding === undefined ? undefined : `${code(clip(deciding.place))}: ${code(clip(deciding.statement))}`],
    ['Tests of the target', tests === undefined ? undefined : md(clip(tests))],
  ]
  return table(
    ['', ''],
    rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function clip(text: string): string {
  return text.length > longestCell ? `${text.slice(0, longestCell - 1)}…` : text
}
