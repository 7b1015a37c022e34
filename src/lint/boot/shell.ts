/** A simple command of a shell's text: its words without quotes, and where it stands. */
export interface ShellCommand {
  readonly words: readonly string[]
  readonly start: number
  readonly end: number
}

/** Takes a shell's text apart at its operators and line ends. Variables stay as they are written; comments go. */
export function shellCommands(text: string): ShellCommand[] {
  const commands: ShellCommand[] = []
  let words: { readonly text: string; readonly start: number; readonly end: number }[] = []
  const close = () => {
    const [first] = words
    const last = words.at(-1)
    if (first !== undefined && last !== undefined)
      commands.push({ words: words.map((word) => word.text), start: first.start, end: last.end })
    words = []
  }
  for (let at = 0; at < text.length; ) {
    const letter = text[at] as string
    if (text.startsWith('\\\n', at) || text.startsWith('\\\r\n', at)) at = text.indexOf('\n', at) + 1
    else if (letter === ' ' || letter === '\t' || letter === '\r') at++
    else if (letter === '#') at = lineEnd(text, at)
    else if (operators.includes(letter)) {
      close()
      at++
    } else {
      const word = readWord(text, at)
      words.push(word)
      at = word.end
    }
  }
  close()
  return commands
}

const operators = '\n;&|(){}'

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function readWord(text: string, start: number): { readonly text: string; readonly start: number; readonly end: number } {
  let word = ''
  let at = start
  while (at < text.length) {
    const letter = text[at] as string
    if (letter === "'" || letter === '"') {
      const [inner, end] = readQuoted(text, at)
      word += inner
      at = end
    } else if (text.startsWith('${', at) || text.startsWith('$(', at)) {
      const end = closing(text, at + 1)
      word += text.slice(at, end)
      at = end
    } else if (letter === '\\') {
      word += text[at + 1] === '\n' ? '' : (text[at + 1] ?? '')
      at += 2
    } else if (/\s/.test(letter) || operators.includes(letter)) break
    else {
      word += letter
      at++
    }
  }
  return { text: word, start, end: Math.min(at, text.length) }
}

function readQuoted(text: string, start: number): [string, number] {
  const quote = text[start] as string
  let inner = ''
  let at = start + 1
  while (at < text.length && text[at] !== quote) {
    if (quote === '"' && text[at] === '\\') at++
    inner += text[at] ?? ''
    at++
  }
  return [inner, at + 1]
}

/** Behind the bracket that closes the one at `start`. */
function closing(text: string, start: number): number {
  const [open, close] = text[start] === '{' ? '{}' : '()'
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    if (text[at] === close && --depth === 0) return at + 1
  }
  return text.length
}
