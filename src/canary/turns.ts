/** Lets so many pieces of work go on at once; the others wait in the order in which they came. */
type Turns = <Result>(work: () => Promise<Result>) => Promise<Result>

export function turns(atOnce: number): Turns {
  let free = atOnce
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
