import { quoteText } from '../../migration/ledger.ts'

/** A block that carries statements out where a lookup finds nothing of a name. */
export function whenMissing(lookup: string, name: string, statements: readonly string[]): string {
  const body = statements.map((one) => (one.startsWith('perform ') ? `    ${one};` : `    execute ${quoteText(one)};`))
  return block([`  if ${lookup}(${quoteText(name)}) is null then`, ...body, '  end if;'])
}

/** An anonymous block whose quotes nothing inside of it can end. */
export function block(body: readonly string[], declarations: readonly string[] = []): string {
  const text = body.join('\n')
  let tag = '$shiplock$'
  for (let number = 1; text.includes(tag); number++) tag = `$shiplock${number}$`
  const declare = declarations.length === 0 ? '' : `declare\n${declarations.map((one) => `  ${one};`).join('\n')}\n`
  return `do ${tag}\n${declare}begin\n${text}\nend\n${tag};`
}
