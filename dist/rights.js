// src/gate/protection/person.ts
/** Who stands behind a login. GitHub ends the logins of its apps with a mark that no person can have. */
function personOf(login, id) {
	if (!login) return void 0;
	const known = id === void 0 || id === "" ? void 0 : Number(id);
	return {
		login,
		id: Number.isSafeInteger(known) ? known : void 0,
		bot: login.endsWith("[bot]")
	};
}
// src/gate/protection/rights.ts
/** What a token needs to read how an environment is protected, as people type it. */
const readingRight = `Give the job "permissions: { actions: read, contents: read }" and the input github-token: \${{ github.token }}; a fine-grained token needs the repository permission "Actions: read", a classic one the scope repo`;
/** The token of a job can be given no permission that lists secrets. */
const secretsRight = `a job's own token may never list them; give github-token a fine-grained token, or that of an app, with the repository permissions "Actions: read", "Environments: read" and "Secrets: read"`;
export { secretsRight as n, personOf as r, readingRight as t };
