/** The schemas of a path as it is written in one text. */
export function searchPathOf(text: string): string[] {
  const names: string[] = []
  for (const piece of pieces(text)) {
    const word = piece.trim()
    names.push(word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase())
  }
  return names.filter((name) => name !== '')
}

function pieces(text: string): string[] {
  const found = ['']
  let quoted = false
  for (const character of text) {
    if (character === '"') quoted = !quoted
    if (character === ',' && !quoted) found.push('')
    else found[found.length - 1] += character
  }
  return found
}
