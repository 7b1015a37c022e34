/** A signal that fires some time after another one: what must not be left half done may still end. */
export interface Grace extends Disposable {
  readonly signal: AbortSignal
}

export function graceAfter(signal: AbortSignal, ms: number): Grace {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    timer = setTimeout(() => controller.abort(signal.reason), ms)
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', start)
    },
  }
}
