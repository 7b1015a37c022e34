import type { Start } from './boot-commands.ts'

/** Each process type of a Procfile; `release` runs once, before the new code. */
export function procfileStarts(text: string): readonly Start[] {
  return [...text.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)].map((match): Start => {
    const [whole, name = '', run = ''] = match
    return { offset: match.index + whole.length - run.length, place: `process ${name}`, run, alone: name === 'release' ? 'job' : 'start' }
  })
}
