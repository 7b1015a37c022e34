import { ReleaseError } from '../errors.ts'
import { differencesOf, type PlanDifference } from '../gate/difference.ts'
import { type PlanContract, planDigest } from '../gate/digest.ts'
import { contractIn, keepContract } from '../gate/kept-contract.ts'
import type { PartOutcome } from '../gate/part.ts'
import { recordedContract } from '../gate/recorded-contract.ts'
import { uncoveredNotes } from '../gate/uncovered.ts'
import type { InputValues } from '../inputs.ts'
import { plural } from '../units.ts'
import type { Context } from './command.ts'
import type { PhaseNow } from './phase-now.ts'

type Given = Pick<InputValues, 'approved-plan'> & { readonly store?: string | undefined }

const id = 'approved-plan'

/** Whether the phase is as it was approved, or as an earlier attempt of this release left the approved plan. */
export async function compareWithApproved(approved: string, now: PhaseNow, inputs: Given, context: Context): Promise<PartOutcome> {
  const { contract } = now
  const digest = planDigest(contract)
  const details = { approvedDigest: approved, contract: keepContract(contract) }
  if (digest === approved) {
    const message = `the plan of phase ${contract.phase} is the one that was approved (${plural(contract.migrations.length, 'migration')})`
    return { checks: [{ id, status: 'pass', value: short(digest), message }], notes: uncoveredNotes(now.pending), details }
  }
  const begun = await now.begunWith(approved)
  if (begun !== undefined) {
    const { applied, plan } = begun
    const left = plan.migrations.length - applied.length
    const message = `an earlier attempt of this release began the approved plan: ${applied.length} of its ${plural(plan.migrations.length, 'migration')} ran${applied.length === 0 ? '' : ` (${applied.join(', ')})`}, ${left === 0 ? 'and nothing is left' : `${left} of them remain`}`
    return {
      checks: [{ id, status: 'pass', value: short(approved), message }],
      notes: [],
      details: { ...details, begun: { applied, left } },
    }
  }
  const { found, problem } = await lookUp(approved, inputs, context)
  const known = found === undefined ? [] : differencesOf(found, contract, now.elsewhere)
  const text =
    found === undefined
      ? ` It had the digest ${short(approved)}, and has ${short(digest)} now. What changed cannot be named: ${problem}.`
      : `\n${known.map((one) => `  ${one.text}`).join('\n')}`
  return {
    checks: [
      {
        id,
        status: 'fail',
        value: short(digest),
        limit: short(approved),
        message: known.length === 0 ? problem : plural(known.length, 'difference'),
      },
    ],
    notes: [],
    details: { ...details, differences: known },
    error: new ReleaseError('plan-changed', `The plan of phase ${contract.phase} is not the one that was approved.${text}`, {
      hint: hintFor(contract.phase, known),
    }),
  }
}

function hintFor(phase: string, differences: readonly PlanDifference[]): string {
  const again = 'Nothing was changed. Look at the plan as it is now (shiplock plan), and have its digest approved.'
  const isOnlyLedger = differences.length > 0 && differences.every(({ what }) => what === 'ledger')
  return phase === 'post' && isOnlyLedger ? `${again} A plan of phase post is made after phase pre has run.` : again
}

/** The approved plan as it was: in the file that was named, else in the records of this commit. */
async function lookUp(
  digest: string,
  { 'approved-plan': path, store }: Given,
  { project, environment, run: { commit }, readText, openStore }: Context,
): Promise<{ found: PlanContract | undefined; problem: string }> {
  if (path !== undefined) {
    const text = await readText(path)
    if (text === undefined) {
      throw new ReleaseError('invalid-input', 'approved-plan names a file that does not exist.', {
        hint: 'Give the JSON result of the plan: the output "result" of that step, or what shiplock plan --json printed.',
      })
    }
    const found = contractIn(text, digest)
    if (found !== undefined) return { found, problem: '' }
  }
  const inFile = path === undefined ? 'approved-plan was not given' : 'the file of approved-plan holds no plan with this digest'
  if (store === undefined) return { found: undefined, problem: `${inFile}, and no store was named` }
  if (commit === undefined) return { found: undefined, problem: `${inFile}, and the commit is not known, under which records are kept` }
  try {
    const found = await recordedContract(await openStore(store), { project, environment, commit }, digest)
    return { found, problem: `${inFile}, and the store holds no record of a plan of this commit with it` }
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return { found: undefined, problem: `${inFile}, and the store could not be looked into (${error.message.replace(/\.$/, '')})` }
  }
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
