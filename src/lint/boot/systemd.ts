import type { Start } from './boot-commands.ts'

/** ExecStart and its kin of a unit; lines that end with a backslash go on. */
export function systemdStarts(text: string): readonly Start[] {
  const isJob = /^Type\s*=\s*oneshot\s*$/m.test(text)
  const entries = [...text.matchAll(/^(ExecStartPre|ExecStart|ExecStartPost|ExecCondition)[ \t]*=[ \t]*[-@:+!]*((?:\\\r?\n|[^\n])*)/gm)]
  return entries.map((match): Start => {
    const [whole, key = '', run = ''] = match
    return { offset: match.index + whole.length - run.length, place: key, run, alone: isJob ? 'job' : 'start' }
  })
}
