import { un as ReleaseError } from "./start.js";
// src/lint/event.ts
/** These run with the repository's secrets and a token that may write, whoever wrote the code. */
const privileged = /* @__PURE__ */ new Set([
	"pull_request_target",
	"workflow_run",
	"issue_comment"
]);
/** Throws `unsafe-event`: nothing of the checkout has been read yet. */
function refuseUnsafeEvent({ name, ofPullRequest }) {
	if (!privileged.has(name) || !ofPullRequest) return;
	throw new ReleaseError("unsafe-event", `The event ${name} gives a pull request's code the secrets of this repository; lint does not run on it.`, { hint: "Start the workflow with on: pull_request. lint needs no secret there, and works for forks." });
}
/** Throws `unsafe-event`: nothing has connected yet. */
function refuseForeignDatabase(pullRequest) {
	if (pullRequest?.fork !== true) return;
	throw new ReleaseError("unsafe-event", "A pull request from a fork must not reach a database.", { hint: "Leave schema-from and the database inputs out of the workflow of pull requests: the files tell the schema too." });
}
export { refuseUnsafeEvent as n, refuseForeignDatabase as t };
