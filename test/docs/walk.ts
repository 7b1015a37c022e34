import { pageAt } from './pages.ts'

/** What a reader types under a heading, as one script: files are written where their first line says. */
export function scriptOf(path: string, section: string): string {
  const blocks = pageAt(path).blocks.filter((block) => block.section === section && ['sh', 'sql', 'yaml'].includes(block.lang))
  return blocks.map(({ text, lang }) => typed(text, lang)).join('\n')
}

function typed(text: string, lang: string): string {
  const file = /^(?:--|#) ([\w./-]+\.\w+)\n/.exec(text)?.[1]
  if (file === undefined) return lang === 'sh' ? text : ''
  const body = text.slice(text.indexOf('\n') + 1)
  return `mkdir -p "$(dirname ${file})"\ncat > ${file} <<'END_OF_FILE'\n${body}END_OF_FILE`
}
