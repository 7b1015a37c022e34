import { basename, join, relative } from 'node:path'
import { ReleaseError } from '../errors.ts'
import { railsHome } from '../home-folders.ts'
import { type Answers, fillWorkflow } from '../init/fill.ts'
import { railsSnippets } from '../init/rails-snippets.ts'
import { settingsText } from '../init/settings.ts'
import { markOf, pathOf, type Standing, standingOf, usualWorkflows, type WorkflowName, workflowNames } from '../init/workflows.ts'
import type { InputValues } from '../inputs.ts'
import { version } from '../version.ts'
import { type Context, defineCommand, type Outcome } from './command.ts'
import { readMigrations } from './migration-state.ts'

export default defineCommand({
  summary: 'Write the workflows of a release, and shiplock.yml, into this repository; init --check says which are out of date.',
  inputs: [
    'workflows',
    'deploy-command',
    'deploy-check-command',
    'deploy-tier-command',
    'action-ref',
    'check',
    'layout',
    'migrate-command',
    'migrate-command-post',
    'migrations',
    'migrations-post',
    'store',
    'prometheus-url',
    'histogram',
    'smoke',
    'dry-run',
  ],
  optional: ['store'],
  outputs: {},
  terminalOnly: true,

  async run(inputs, context): Promise<Outcome> {
    const names = inputs.workflows === undefined ? usualWorkflows : inputs.workflows.map(named)
    const templates = await Promise.all(names.map(async (name) => ({ name, template: await context.readShipped(`workflows/${name}.yml`) })))
    const folder = await context.folderInRepository()
    const placed = await Promise.all(templates.map(async (one) => ({ ...one, ...(await placeOf(one, folder, context)) })))
    if (inputs.check) return checked(placed)
    const { layout, said } = await layoutOf(inputs, context)
    const program = layout === 'rails' ? ('ruby' as const) : undefined
    const answers = { ...(await askFor(inputs, context)), config: configOf(folder, context), program }
    const files = placed.map(({ name, path, template, standing }) => {
      return { path, standing, text: markOf(name, template, version) + fillWorkflow(template, answers) }
    })
    const settings = await settingsFile(layout, inputs, context)
    const written: string[] = []
    const kept: string[] = []
    for (const { path, text, standing } of [...files, ...(settings === undefined ? [] : [{ ...settings, standing: 'missing' as const }])]) {
      const shown = relative(context.baseDir, path)
      if (standing !== 'missing') {
        kept.push(shown)
        continue
      }
      if (!inputs['dry-run']) await context.writeNewFile(path, text)
      written.push(shown)
    }
    return {
      verdict: 'pass',
      reason: sentenceOf(written.length, kept.length, inputs['dry-run']),
      details: {
        written,
        kept,
        dryRun: inputs['dry-run'],
        next: written.length === 0 ? [] : nextSteps(names, answers, settings === undefined ? undefined : said),
        ...(layout === 'rails' ? { toPaste: railsSnippets } : {}),
      },
    }
  },
})

interface Placed {
  readonly name: WorkflowName
  readonly path: string
  readonly standing: Standing
}

async function placeOf({ name, template }: { name: WorkflowName; template: string }, folder: string, context: Context) {
  const root = join(
    context.baseDir,
    ...folder
      .split('/')
      .filter(Boolean)
      .map(() => '..'),
  )
  const path = join(root, pathOf(name, folder))
  return { path, standing: standingOf(name, await context.readText(path), template) }
}

/** The action looks for `shiplock.yml` at the root by itself. */
function configOf(folder: string, { sources }: Context): string | undefined {
  const file = folder + basename(sources.configFile ?? 'shiplock.yml')
  return file === 'shiplock.yml' ? undefined : file
}

/** Throws `invalid-input`. */
function named(name: string): WorkflowName {
  const found = workflowNames.find((one) => one === name)
  if (found !== undefined) return found
  throw new ReleaseError('invalid-input', `There is no workflow ${JSON.stringify(name)}.`, {
    hint: `There are ${workflowNames.join(', ')}.`,
  })
}

function checked(placed: readonly Placed[]): Outcome {
  const outdated = placed.filter(({ standing }) => standing === 'outdated')
  const missing = placed.filter(({ standing }) => standing === 'missing')
  return {
    verdict: outdated.length === 0 ? 'pass' : 'fail',
    reason:
      outdated.length > 0
        ? `${outdated.map(({ name }) => name).join(', ')} ${outdated.length === 1 ? 'was' : 'were'} made from an older text than this version has.`
        : missing.length > 0
          ? `What is there is up to date; ${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there.`
          : 'Every workflow is up to date.',
    details: { files: placed.map(({ name, standing }) => ({ name, standing })) },
  }
}

/** What the flags do not say is asked where somebody can answer. */
async function askFor(
  inputs: Pick<InputValues, 'deploy-command' | 'deploy-check-command' | 'deploy-tier-command' | 'action-ref'>,
  context: Context,
): Promise<Answers> {
  const ask = async (given: string | undefined, question: string) => given ?? (await context.ask(question))
  return {
    deploy: (await ask(inputs['deploy-command'], 'Command that deploys, with {environment} for staging and production')) ?? defaultDeploy,
    deployCheck: await ask(inputs['deploy-check-command'], 'Command that only checks the deploy (empty: none)'),
    tier: await ask(inputs['deploy-tier-command'], 'Command that deploys to a part of production first (empty: none)'),
    action: inputs['action-ref'],
  }
}

const defaultDeploy = './deploy.sh {environment}'

/** `undefined` when there is one already. */
async function settingsFile(
  layout: string | undefined,
  inputs: Parameters<typeof readMigrations>[0] &
    Pick<InputValues, 'prometheus-url' | 'histogram' | 'smoke'> & { store?: string | undefined },
  context: Context,
): Promise<{ path: string; text: string } | undefined> {
  const path = join(context.baseDir, 'shiplock.yml')
  if (context.sources.configFile !== undefined || (await context.readText(path)) !== undefined) return undefined
  const histogram = inputs.histogram ?? (await context.ask("Histogram of your requests' time in Prometheus, without _bucket (empty: none)"))
  const prometheus = inputs['prometheus-url'] ?? (histogram === undefined ? undefined : await context.ask('URL of Prometheus'))
  const text = settingsText({
    project: context.project,
    layout,
    pre: relative(context.baseDir, inputs.migrations),
    post: relative(context.baseDir, inputs['migrations-post']),
    store: context.storeUrl ?? (await context.ask('Bucket for backups, such as s3://acme-backups/shop (empty: later)')),
    endpoint: context.storeEndpoint,
    prometheus,
    histogram,
    smoke: inputs.smoke === undefined ? undefined : relative(context.baseDir, inputs.smoke),
  })
  return { path, text }
}

/** Named where files show it: then a new file of another tool is found out at once. With it what to look at in the settings. */
async function layoutOf(
  inputs: Parameters<typeof readMigrations>[0],
  context: Context,
): Promise<{ readonly layout: string | undefined; readonly said: string }> {
  const look = 'Look through shiplock.yml.'
  try {
    const { layout, shownBy } = await readMigrations(inputs, context)
    const why = shownBy === undefined ? look : `Look through shiplock.yml: the layout in it is ${layout.name}, since ${shownBy}.`
    return { layout: layout.name, said: why }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    // an application without any migration yet
    const [path, text] = railsHome.shownBy
    const isRails = (await context.readText(join(context.baseDir, path)))?.includes(text)
    if (error.code === 'migrations-not-found') return { layout: isRails ? 'rails' : undefined, said: look }
    return { layout: undefined, said: `Name the layout in shiplock.yml (migrations.layout), which was not found out: ${error.message}` }
  }
}

function sentenceOf(written: number, kept: number, dryRun: boolean): string {
  if (written === 0) return 'Everything is there already; nothing was written. "shiplock init --check" says what is out of date.'
  const files = `${written} ${written === 1 ? 'file' : 'files'}`
  const left = kept === 0 ? '' : ` ${kept} that ${kept === 1 ? 'is' : 'are'} there already ${kept === 1 ? 'was' : 'were'} left alone.`
  return dryRun ? `${files} would be written.${left}` : `${files} ${written === 1 ? 'was' : 'were'} written.${left}`
}

function nextSteps(names: readonly WorkflowName[], { action, deploy, program }: Answers, ofSettings: string | undefined): string[] {
  return [
    ...(action === undefined
      ? ['Put the repository and the commit of the release of Shiplock that you use in place of OWNER/shiplock@000… in each workflow.']
      : []),
    ...(deploy === defaultDeploy ? [`Write ${defaultDeploy.split(' ')[0]}, or put your own deploy command in its place.`] : []),
    ...(program === undefined
      ? []
      : [
          'Look at the step "Install the gems of the application" in each workflow: it has to give the application the Ruby and the secrets that it starts with.',
        ]),
    ...(ofSettings === undefined ? [] : [ofSettings]),
    'Make the environments and their secrets: docs/workflows.md lists them.',
    ...(names.includes('promote') ? ['Set the repository variable PROMOTE to by-hand: then release.yml ends after the canary.'] : []),
    'Commit, and run "shiplock gate --environment production" to see what is not guarded yet.',
  ]
}
