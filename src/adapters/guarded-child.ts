import { Readable } from 'node:stream'
import { type ChildOptions, type RunningChild, startChild } from './process.ts'

export interface GuardedChild extends RunningChild {
  /** Kills it, and resolves when it has ended. */
  stop(): Promise<void>
}

/**
 * A program without anything to lose that must not outlive this process, however this one ends. Its guard waits for the end
 * of a pipe whose other end we hold and never write to: the kernel closes it for us, also after SIGKILL. The guard's text
 * is fixed; the program and its arguments reach it as a list. A program that does not exist ends with 127.
 */
export function startGuardedChild(program: string, args: readonly string[], options: Omit<ChildOptions, 'input' | 'signal'>): GuardedChild {
  const child = startChild('/bin/sh', ['-c', guard, 'guard', program, ...args], { ...options, input: new Readable({ read() {} }) })
  return {
    ...child,
    async stop() {
      child.kill('SIGKILL') // ssh can miss a SIGTERM until its next sign of life
      await child.ended.catch(() => {})
    },
  }
}

/** `kill 0` reaches the process group, which is the guard's own: the program and what it started. */
const guard = `exec 3<&0
"$@" </dev/null 3<&- &
child=$!
(read -r _ <&3; kill -9 0) &
watch=$!
wait "$child"
status=$?
kill "$watch"
exit "$status"`
