/** Whether two nodes say the same, wherever they stand. */
export function sameNode(one: unknown, other: unknown): boolean {
  return text(one) === text(other)
}

function text(node: unknown): string {
  return JSON.stringify(node, (key, value: unknown) => (key === 'location' || key.endsWith('_location') ? undefined : value)) ?? ''
}
