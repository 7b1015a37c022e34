import { faults } from './workflows/cases/faults.ts'
import { refusals } from './workflows/cases/refusals.ts'
import { releases } from './workflows/cases/releases.ts'
import { waysBack } from './workflows/cases/ways-back.ts'
import { makeRunner } from './workflows/runner.ts'
import type { Case } from './workflows/story.ts'
import { makeTeam } from './workflows/team.ts'

const all: readonly Case[] = [...releases, ...refusals, ...faults.slice(0, 3), ...waysBack, ...faults.slice(3)]

/** The named cases, each after those that it goes on from; all of them without names. */
function chosen(names: readonly string[]): readonly Case[] {
  const wanted = new Set<string>()
  const want = (name: string) => {
    const found = all.find((one) => one.name === name)
    if (found === undefined) throw new Error(`there is no case ${name}; there are: ${all.map((one) => one.name).join(', ')}`)
    for (const before of found.after) want(before)
    wanted.add(name)
  }
  for (const name of names) want(name)
  return names.length === 0 ? all : all.filter(({ name }) => wanted.has(name))
}

async function main(): Promise<boolean> {
  const cases = chosen(process.argv.slice(2))
  const passed = new Set<string>()
  await using team = await makeTeam()
  await using runner = await makeRunner(team, (text) => process.stderr.write(`${text}\n`))
  let isStopped = false
  // whoever stops it waits for the case that is under way, so that no server is left behind
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      isStopped = true
    })
  for (const { name, after, run } of cases) {
    if (isStopped) break
    const from = performance.now()
    const say = (verdict: string, more = '') =>
      process.stdout.write(`${verdict} ${name} (${Math.round((performance.now() - from) / 1000)} s)${more}\n`)
    const missing = after.filter((one) => !passed.has(one))
    if (missing.length > 0) {
      say('FAIL ', `: it goes on from ${missing.join(', ')}`)
      continue
    }
    try {
      await run({ team, runner })
      passed.add(name)
      say('ok   ')
    } catch (error) {
      say('FAIL ', `: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return passed.size === cases.length
}

process.exitCode = (await main()) ? 0 : 1
