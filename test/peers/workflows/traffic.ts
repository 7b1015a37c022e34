import { setTimeout as sleep } from 'node:timers/promises'

/** Users of a service, who go on whatever happens. */
export interface Traffic extends AsyncDisposable {
  /** Requests that the service answered with an error since the last look. */
  failures(): number
}

export function makeTraffic(port: number): Traffic {
  let isOver = false
  let failures = 0
  const user = async () => {
    while (!isOver) {
      // between two versions nobody answers: that is the deploy's affair
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
      if (answer !== undefined && answer.status !== 200) failures++
      await sleep(answer === undefined ? 100 : 25)
    }
  }
  const users = [user(), user()]
  return {
    failures() {
      const seen = failures
      failures = 0
      return seen
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      await Promise.all(users)
    },
  }
}
