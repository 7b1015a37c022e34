import type { Start } from './boot-commands.ts'

/** What a container of the last stage runs: ENTRYPOINT with the words of CMD, or each of them in its shell. */
export function dockerfileStarts(text: string): readonly Start[] {
  let entrypoint: Instruction | undefined
  let command: Instruction | undefined
  for (const one of instructions(text)) {
    if (one.name === 'FROM') entrypoint = command = undefined
    if (one.name === 'ENTRYPOINT') entrypoint = one
    if (one.name === 'CMD') command = one
  }
  const [program, rest] = [wordsOf(entrypoint), wordsOf(command)]
  if (entrypoint !== undefined && program !== undefined && rest !== undefined)
    return [{ offset: entrypoint.offset, place: 'ENTRYPOINT', run: [...program, ...rest], alone: 'job' }]
  return [entrypoint, command].flatMap((one): Start[] =>
    one === undefined ? [] : [{ offset: one.offset, place: one.name, run: wordsOf(one) ?? one.value, alone: 'job' }],
  )
}

interface Instruction {
  readonly name: string
  readonly value: string
  /** Of the value. */
  readonly offset: number
}

function instructions(text: string): Instruction[] {
  return [...text.matchAll(/^[ \t]*(FROM|ENTRYPOINT|CMD)[ \t]+((?:\\\r?\n|[^\n])*)/gim)].map((match) => {
    const [whole, name = '', value = ''] = match
    return { name: name.toUpperCase(), value, offset: match.index + whole.length - value.length }
  })
}

/** The words of the form in brackets; `undefined` for the form that a shell reads. */
function wordsOf(instruction: Instruction | undefined): string[] | undefined {
  if (!instruction?.value.startsWith('[')) return undefined
  try {
    const words: unknown = JSON.parse(instruction.value.replaceAll(/\\\r?\n/g, ' '))
    return Array.isArray(words) ? words.map(String) : undefined
  } catch {
    return undefined // Docker reads it as a shell's text then
  }
}
