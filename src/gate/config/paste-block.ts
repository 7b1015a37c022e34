/** Lines for an env file: each name without a value, below what the template says about it. */
export function pasteBlock(keys: readonly { readonly name: string; readonly comment: readonly string[] }[]): string {
  return keys.map(({ name, comment }) => [...comment.map((line) => `# ${line}`), `${name}=`].join('\n')).join('\n')
}
