import { c as int, d as number, f as object, g as string, i as array, l as literal, r as _enum, u as looseObject, v as union } from "./schemas.js";
import { t as datetime } from "./iso.js";
// src/result.ts
/** What a command concluded; a canary's words are `promote`, `abort` and `hold`. */
const verdicts = [
	"pass",
	"fail",
	"inconclusive",
	"promote",
	"abort",
	"hold"
];
/** One check in a result, and in the manifest that it went into. */
const checkSchema = object({
	id: string(),
	/** `not-checked` is what a check is that nobody configured: never a tick. */
	status: _enum([
		"pass",
		"fail",
		"not-checked"
	]),
	value: union([string(), number()]).optional(),
	limit: union([string(), number()]).optional(),
	message: string().optional()
});
/** The outcome of one command in the JSON result. Each command adds its own details. */
const commandResult = looseObject({
	tool: string(),
	command: string(),
	verdict: _enum([...verdicts, "not-run"]),
	reason: string(),
	release: string().optional(),
	environment: string().optional(),
	startedAt: datetime().optional(),
	finishedAt: datetime().optional(),
	checks: array(checkSchema),
	error: object({
		code: string(),
		message: string(),
		hint: string().optional(),
		at: string().optional()
	}).optional()
});
/** The one JSON object that every step writes, also when it fails. */
const resultSchema = object({
	schema: literal("shiplock/result@1"),
	verdict: _enum(verdicts),
	exitCode: int(),
	commands: array(commandResult)
});
/** 0 pass or promote; 1 evidence of a fault, or abort; 3 not enough evidence, or hold. Wrong usage (2) comes from the error's code. */
function exitCodeOf(verdict) {
	return {
		pass: 0,
		fail: 1,
		inconclusive: 3,
		promote: 0,
		abort: 1,
		hold: 3
	}[verdict];
}
/** `fail` when a check failed, otherwise `pass`: what was not checked proves nothing either way. */
function verdictOf(checks) {
	return checks.some((one) => one.status === "fail") ? "fail" : "pass";
}
export { verdicts as a, verdictOf as i, exitCodeOf as n, resultSchema as r, checkSchema as t };
