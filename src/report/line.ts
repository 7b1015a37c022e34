export type Color = 'green' | 'red' | 'yellow' | 'grey' | 'bold'

/** A line, or several, in one color. Colors come last: they are the only control characters of the output. */
export interface Line {
  readonly text: string
  readonly color?: Color
}
