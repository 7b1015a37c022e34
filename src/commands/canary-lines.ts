import type { Check } from '../canary/check.ts'
import type { Probes } from '../canary/probe.ts'
import { redactLine } from '../canary/redact-line.ts'
import type { CheckVerdict } from '../canary/verdict.ts'
import { messageOf } from '../errors.ts'
import type { Context } from './command.ts'

const mostLines = 5

/** Lines of the window that has the most, of a check of kind logs that does not promote. They are for people, and change no verdict. */
export async function sampleLines(check: Check, verdict: CheckVerdict, probes: Probes, context: Context): Promise<readonly string[]> {
  const { decision, windows } = verdict
  const counts = windows.map(({ sample }) => (sample.state === 'value' ? sample.value : 0))
  const worst = windows[counts.indexOf(Math.max(0, ...counts))]
  const probe = probes.for(check)
  if (
    decision === 'promote' ||
    check.kind !== 'logs' ||
    probe.lines === undefined ||
    worst === undefined ||
    !counts.some((count) => count > 0)
  )
    return []
  if (context.signal.aborted) return []
  try {
    const lines = await probe.lines(check, worst.window, mostLines, context.signal)
    return lines.slice(0, mostLines).map(redactLine)
  } catch (error) {
    context.log.warn(`${check.id}: the lines could not be read: ${messageOf(error)}`)
    return []
  }
}
