import type { Check } from '../../result.ts'
import { oneLine } from '../../visible-text.ts'
import { type Person, samePerson, type WorkflowRun } from './environment.ts'

/** A run that made a plan. */
export interface PlanningRun extends WorkflowRun {
  /** Why that is less certain than it could be. */
  readonly weakly?: string
}

/** What is known of the two runs: the one that made the plan, and the one that carries it out. */
export interface TwoRuns {
  /** Every run that made this plan for this commit. */
  readonly planned: readonly PlanningRun[]
  /** `undefined` outside of GitHub Actions. */
  readonly now: WorkflowRun | undefined
  /** Whether a rule guards the branch or tag of this run; `undefined` when GitHub did not say. */
  readonly refProtected: boolean | undefined
}

interface SecondPerson {
  readonly checks: readonly Check[]
  /** Why it cannot be told. */
  readonly unknown: string | undefined
}

/** Whether two persons stand behind a release: one whose run made the plan, another who started this run. */
export function judgeSecondPerson({ planned, now, refProtected }: TwoRuns): SecondPerson {
  const people = judgePeople(planned, now)
  const ref = judgeRef(refProtected)
  const unknown = [people, ref].find(({ status }) => status === 'not-checked')?.message
  return { checks: [people, ref], unknown }
}

function judgePeople(planned: readonly PlanningRun[], now: WorkflowRun | undefined): Check {
  const check = (status: Check['status'], message: string): Check => ({ id: 'second-person', status, message: oneLine(message) })
  if (now === undefined || now.people.length === 0) return check('not-checked', 'nobody knows who started this run')
  const bot = now.people.find((person) => person.bot)
  if (bot !== undefined) return check('fail', `${bot.login} started this run, and a bot is no second person`)
  if (startedByNobody.includes(now.event ?? '')) return check('fail', `the event ${now.event} started this run, and no person`)
  const known = planned.filter(({ people }) => people.length > 0)
  if (known.length === 0) return check('not-checked', 'nobody knows who made the plan')
  const byPeople = known.filter(({ people }) => !people.some((person) => person.bot))
  const others = byPeople.filter(({ people }) => !people.some((person) => now.people.some((one) => samePerson(one, person))))
  const other = others.find(({ weakly }) => weakly === undefined) ?? others[0]
  if (other !== undefined) {
    return {
      id: 'second-person',
      status: 'pass',
      value: oneLine(`${names(other.people)} planned, ${names(now.people)} started`),
      message: oneLine(`plan of run ${other.id}${other.weakly === undefined ? '' : `; ${other.weakly}`}`),
    }
  }
  if (byPeople.length === 0) return check('fail', `the plan was made by ${names(known[0]?.people ?? [])}, and a bot is no person`)
  return check('fail', `${names(now.people)} made the plan and started this run too: another person has to start it`)
}

/** GitHub names somebody as their actor who may have done nothing for it. */
const startedByNobody = ['schedule', 'workflow_run']

function judgeRef(refProtected: boolean | undefined): Check {
  const id = 'second-person-ref'
  if (refProtected === true) return { id, status: 'pass', value: 'protected' }
  if (refProtected === undefined)
    return { id, status: 'not-checked', message: 'nobody knows whether the branch or tag of this run is protected' }
  return {
    id,
    status: 'fail',
    message: 'no rule protects the branch or tag of this run, so one person alone may change what it runs. Protect it with a ruleset',
  }
}

function names(people: readonly Person[]): string {
  const logins = people.map(({ login }) => login)
  return logins.filter((one, index) => logins.indexOf(one) === index).join(' and ')
}
