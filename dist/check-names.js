// src/gate/check-names.ts
/** What the gate's checks are called, by their ids; those of a promotion name their command themselves. */
const gateCheckNames = /* @__PURE__ */ new Map([
	["approved-plan", "the approved plan"],
	["quiet-hours", "quiet hours"],
	["environment", "the environment"],
	["environment-reviewers", "required reviewers"],
	["environment-self-review", "no approval by who started it"],
	["environment-admins", "no bypass for administrators"],
	["environment-branches", "branches and tags that may deploy"],
	["environment-secrets", "where its secrets are kept"],
	["approval", "the approval of this run"],
	["re-run", "the first attempt of the run"],
	["second-person", "a second person"],
	["second-person-ref", "the branch it was started from"]
]);
export { gateCheckNames as t };
