export function helpFor(_: string | undefined): string {
  return ''
}
