import { createHash } from 'node:crypto'

/** The workflows that there are, and whether a team gets one that did not pick any. */
export const workflowNames = ['release', 'promote', 'post-deploy', 'rollback', 'lint', 'restore-drill', 'backup'] as const
export type WorkflowName = (typeof workflowNames)[number]

/** Without `promote`, which is for teams whose environments can have no reviewers. */
export const usualWorkflows: readonly WorkflowName[] = workflowNames.filter((name) => name !== 'promote')

/**
 * Where a workflow belongs: GitHub looks at the root of the repository alone. `folder` is that of the settings below it, such as
 * `services/shop/`, which the name holds too, since another service may have workflows there.
 */
export function pathOf(name: WorkflowName, folder: string): string {
  return `.github/workflows/${folder.replaceAll('/', '-')}${name}.yml`
}

/** The first line of a workflow that was made: it tells later which text it was made from. */
export function markOf(name: WorkflowName, template: string, version: string): string {
  return `# Made by "shiplock init" ${version} from ${name} ${fingerprint(template)}; change what is yours.\n`
}

/** How a workflow in a repository stands to the text that it was made from. */
export type Standing = 'missing' | 'current' | 'outdated' | 'not ours'

export function standingOf(name: WorkflowName, text: string | undefined, template: string): Standing {
  if (text === undefined) return 'missing'
  const mark = /^# Made by "shiplock init" \S+ from ([\w-]+) ([0-9a-f]{12});/.exec(text)
  if (mark === null || mark[1] !== name) return 'not ours'
  return mark[2] === fingerprint(template) ? 'current' : 'outdated'
}

function fingerprint(template: string): string {
  return createHash('sha256').update(template).digest('hex').slice(0, 12)
}
