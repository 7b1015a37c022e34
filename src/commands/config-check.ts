import picomatch from 'picomatch'
import { ReleaseError } from '../errors.ts'
import { conclude } from '../gate/config/conclude.ts'
import { annotationsOfKeys, detailsOf } from '../gate/config/details.ts'
import { judgeKeys } from '../gate/config/judge.ts'
import { keysOf } from '../gate/config/keys.ts'
import { refuseUnknownNames } from '../gate/config/unknown-names.ts'
import type { InputValues } from '../inputs.ts'
import { asManyAsShown } from '../lint/publish/annotations.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { namesOfHost } from './config-host.ts'
import { contractsAt, contractsOfRelease } from './config-release.ts'

export default defineCommand({
  summary: 'Compare the configuration keys that a release requires with those that a host has; names only, never values.',
  inputs: [
    'environment',
    'config-template',
    'config-command',
    'config-base',
    'config-have',
    'config-have-command',
    'config-have-github',
    'config-aliases',
    'config-vars',
    'config-ignore',
    'github-token',
  ],
  outputs: {
    missing: 'How many required keys the host lacks.',
    undecided: 'How many conditions nobody decided.',
    'near-misses': 'How many names on the host look misspelt.',
  },

  async run(inputs, context): Promise<Outcome> {
    if (isUnconfigured(inputs)) return nothingToCompare
    const aliases = inputs['config-aliases'] ?? new Map<string, string>()
    const given = inputs['config-vars'] ?? new Map<string, boolean>()
    const contracts = await contractsOfRelease(inputs, context)
    const release = keysOf(contracts, aliases)
    const notes = refuseUnknownNames(release, aliases, given)
    const live = await liveContracts(inputs, context)
    const notCompared = inputs['config-base'] !== undefined && inputs['config-command'] !== undefined ? [printedAtCheckout] : []
    const { sources, unread, ...host } = await namesOfHost(inputs, context)
    const isIgnored = picomatch([...(inputs['config-ignore'] ?? [])])
    const settled = contracts.flatMap((one) => one.settled.filter(({ name }) => !given.has(name)))
    const answers = [...[...given].map(([name, value]) => ({ name, value })), ...settled]
    const judgement = judgeKeys({
      release,
      live: live === undefined ? undefined : keysOf(live.contracts, aliases),
      host,
      complete: unread.length === 0,
      answers,
      isIgnored,
    })
    const named = new Set(contracts.flatMap(({ lines }) => lines.map(({ path }) => path?.split('/').at(-1))))
    const unreadFiles = contracts.flatMap((one) => one.unreadFiles).filter((file) => !named.has(file.split('/').at(-1)))
    const { error, ...conclusion } = conclude({ judgement, environment: inputs.environment, unread, unreadFiles })
    const annotations = annotationsOfKeys(judgement, unread.length === 0, await context.folderInRepository())
    return {
      ...conclusion,
      ...(error === undefined ? {} : { error }),
      outputs: { missing: judgement.missing.length, undecided: judgement.questions.length, 'near-misses': judgement.nearMisses.length },
      details: {
        base: live?.commit,
        sources,
        ...detailsOf(judgement),
        notes: [...notes, ...notCompared, ...contracts.flatMap((one) => one.notes)],
      },
      annotations: asManyAsShown(annotations),
    }
  },
})

/** The workflows that teams copy name this command, also where nobody has described a contract. */
function isUnconfigured(inputs: Partial<InputValues>): boolean {
  const named = ['config-template', 'config-command', 'config-base', 'config-have', 'config-have-command'] as const
  return named.every((name) => inputs[name] === undefined) && !inputs['config-have-github']
}

const nothingToCompare: Outcome = {
  verdict: 'pass',
  reason: 'No contract of configuration keys is described: nothing was checked.',
  checks: [{ id: 'required-keys', status: 'not-checked', message: 'nothing says which keys the release needs' }],
  outputs: { missing: '', undecided: '', 'near-misses': '' },
  details: {
    unconfigured: true,
    notes: [
      'To have keys compared, say in shiplock.yml which a release needs and which the host has: config-contract: { template: .env.example, have: deploy/host-keys.txt }. docs/config-check.md has more ways.',
    ],
  },
}

const printedAtCheckout = 'config-command runs at the checkout only: each key that it prints counts as newly required.'

/** The contracts of the release that is live, where one was named. Throws `unknown-config-base`. */
async function liveContracts(
  { 'config-base': base, 'config-template': globs }: Pick<InputValues, 'config-base' | 'config-template'>,
  context: Context,
) {
  if (base === undefined || globs === undefined) return undefined
  const commit = await context.gitCommit(base)
  if (commit !== undefined) return { commit, contracts: await contractsAt(commit, globs, context) }
  throw new ReleaseError('unknown-config-base', `git knows no tag and no commit ${JSON.stringify(base)} here, which config-base names.`, {
    hint: 'Check its spelling. In the workflow set fetch-depth: 0 and fetch-tags: true for actions/checkout; by hand: git fetch --tags.',
  })
}
