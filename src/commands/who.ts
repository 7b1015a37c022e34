import type { Context } from './command.ts'

/** Who is known to have started the run: an account, else a machine. */
export function whoOf({ variables, run }: Pick<Context, 'variables' | 'run'>): string {
  return variables.GITHUB_ACTOR || variables.USER || run.host
}
