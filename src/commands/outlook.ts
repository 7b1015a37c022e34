/** What the phases would meet if they ran now. */
export interface Outlook {
  /** What `migrate` would refuse, a line each. */
  readonly obstacles: readonly string[]
  readonly notes: readonly string[]
}
