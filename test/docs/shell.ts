/** The calls of Shiplock in lines for a shell, each as its arguments. */
export function shiplockCalls(script: string): string[][] {
  return commandsIn(script).flatMap((words) => {
    const at = words.findIndex((word) => !/^[A-Z_]+=/.test(word)) // variables may stand before it
    const [program, ...args] = words.slice(at)
    if (program === 'shiplock') return [args]
    const shipped = args.findIndex((word) => word.endsWith('.tgz'))
    return program === 'npx' && shipped >= 0 ? [args.slice(shipped + 1)] : []
  })
}

/** Words by command; quotes and comments as a shell reads them, and `<name>` as a word that somebody fills in. */
function commandsIn(script: string): string[][] {
  const token = /\\\n|(?<blank>[ \t]+)|(?<comment>(?<=^|\s)#[^\n]*)|(?<end>\n|&&|\|\||[;|])|(?<word>(?:'[^']*'|"[^"]*"|[^\s'";|&\\])+)/gm
  const commands: string[][] = [[]]
  for (const { groups } of script.matchAll(token)) {
    if (groups?.end !== undefined) commands.push([])
    else if (groups?.word !== undefined) commands.at(-1)?.push(groups.word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2'))
  }
  return commands.filter((words) => words.length > 0)
}

/** The same script where `<name>` is no redirection, so that a shell can read it. */
export function filledIn(script: string): string {
  return script.replace(/<([\w.-]+)>/g, (_, name: string) => name.toUpperCase())
}
