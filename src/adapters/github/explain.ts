import { ReleaseError } from '../../errors.ts'
import { GitHubError } from './client.ts'

/** What a failed question means for whoever started this. `right` is what the token needs, such as `contents: read`. */
export function explained(error: unknown, question: string, right: string): unknown {
  if (!(error instanceof GitHubError)) return error
  const { status, message } = error
  if (status === undefined || status >= 500 || status === 429) {
    return new ReleaseError('github-unreachable', `GitHub did not tell ${question}: ${message}.`, {
      hint: 'Run it again later, or check out with fetch-depth: 0: then git answers, and GitHub is not asked.',
      cause: error,
    })
  }
  return new ReleaseError('github-refused', `GitHub did not tell ${question}: ${message}.`, {
    hint: `Give the job "permissions: { ${right} }" and the input github-token, or check out with fetch-depth: 0.`,
    cause: error,
  })
}
