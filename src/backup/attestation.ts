import { nameCommand } from '../argument-list.ts'
import { oneLine } from '../visible-text.ts'

/** How a command ended that was asked whether another kind of backup is there. */
interface AttestEnd {
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  readonly firstLine?: string | undefined
  readonly lastLines: readonly string[]
}

/** What a command attests in one line, or why it attests nothing. */
export type Attestation = { readonly evidence: string } | { readonly refused: string }

const longestEvidence = 200
const shownLines = 3

/** Only an exit status of 0 together with a line of evidence attests anything. */
export function judgeAttestation(command: readonly string[], end: AttestEnd): Attestation {
  const name = nameCommand(command)
  if (end.exitCode !== 0) {
    const how = end.signal === undefined ? `with exit status ${end.exitCode}` : `by ${end.signal}`
    const last = end.lastLines.slice(-shownLines).map(shortened).filter(Boolean).join(' / ')
    return { refused: `${name} was ended ${how}${last === '' ? '' : `: ${last}`}` }
  }
  const evidence = shortened(end.firstLine ?? '')
  return evidence === '' ? { refused: `${name} ended with 0, but its first line of output holds no evidence` } : { evidence }
}

function shortened(line: string): string {
  return [...oneLine(line)].slice(0, longestEvidence).join('')
}
