// src/commands/who.ts
/** Who is known to have started the run: an account, else a machine. */
function whoOf({ variables, run }) {
	return variables.GITHUB_ACTOR || variables.USER || run.host;
}
export { whoOf as t };
