/** What a token needs to read how an environment is protected, as people type it. */
export const readingRight = `Give the job "permissions: { actions: read, contents: read }" and the input github-token: \${{ github.token }}; a fine-grained token needs the repository permission "Actions: read", a classic one the scope repo`

/** The token of a job can be given no permission that lists secrets. */
export const secretsRight = `a job's own token may never list them; give github-token a fine-grained token, or that of an app, with the repository permissions "Actions: read", "Environments: read" and "Secrets: read"`
