import { oneLine } from '../../visible-text.ts'
import { type Approval, type Person, samePerson, type WorkflowRun } from './environment.ts'
import { type Graded, graded } from './finding.ts'
import type { Levels } from './levels.ts'

/** Compares who approved this run with who started it. */
export function judgeApprovals(
  environment: string,
  run: Pick<WorkflowRun, 'people'>,
  approvals: readonly Approval[],
  levels: Levels,
): Graded {
  const approvers = approversOf(environment, approvals)
  const own = approvers.find((approver) => run.people.some((person) => samePerson(person, approver)))
  if (own !== undefined && levels['self-review'] !== 'off') {
    const message = `${oneLine(own.login)} started this run and approved it for ${environment}`
    return graded('approval', levels['self-review'], { is: 'bad', message })
  }
  if (approvers.length > 0) {
    return graded('approval', levels.approval, { is: 'good', value: oneLine(`by ${approvers.map(({ login }) => login).join(', ')}`) })
  }
  return graded('approval', levels.approval, {
    is: 'bad',
    message: `nobody has approved this run for ${environment}: this job does not name the environment, or its rules were passed over`,
  })
}

/** Those who approved for the environment, each once. */
export function approversOf(environment: string, approvals: readonly Approval[]): readonly Person[] {
  const named = approvals.filter(
    ({ state, environments }) => state === 'approved' && environments.some((one) => one.toLowerCase() === environment.toLowerCase()),
  )
  const all = named.map(({ by }) => by)
  return all.filter((one, index) => all.findIndex((other) => samePerson(one, other)) === index)
}

/** GitHub keeps approvals for a run and not for its attempts, so that an earlier one may be what let this attempt start. */
export function judgeAttempt(attempt: number, levels: Levels): Graded {
  return graded(
    're-run',
    levels['re-run'],
    attempt <= 1
      ? { is: 'good', value: 'first attempt' }
      : {
          is: 'bad',
          message: `this is attempt ${attempt} of the run: GitHub does not tell which attempt was approved. Start a new run in place of a re-run`,
        },
  )
}
