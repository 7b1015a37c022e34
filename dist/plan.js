import { a as readState, i as readMigrations, n as migrationInputNames, p as databaseInputs, r as prepareScripts, u as migrationsFor } from "./migration-state.js";
import { o as plural } from "./units.js";
import { t as defineCommand } from "./command.js";
import { t as _usingCtx } from "./usingCtx.js";
// src/commands/plan.ts
var plan_default = defineCommand({
	summary: "List what would run in each phase now, with its digest. Changes nothing.",
	inputs: [...migrationInputNames],
	outputs: {
		pending: "Number of migrations that have not run, both phases together.",
		"digest-pre": "SHA-256 of the plan of the pre phase.",
		"digest-post": "SHA-256 of the plan of the post phase."
	},
	async run(inputs, context) {
		try {
			var _usingCtx$1 = _usingCtx();
			const read = await readMigrations(inputs, context);
			const target = _usingCtx$1.a(await databaseInputs(inputs, context));
			const database = _usingCtx$1.a(await context.openMigrationDatabase(target, { stateSchema: inputs["state-schema"] }));
			const state = await readState(inputs, read, database, context);
			return outcomeOf(state, await prepareScripts([...state.plans.pre, ...state.plans.post], database), database, await database.finishedSteps(context.project));
		} catch (_) {
			_usingCtx$1.e = _;
		} finally {
			await _usingCtx$1.d();
		}
	}
});
function outcomeOf(state, scripts, database, steps) {
	const { plans } = state;
	const digests = {
		pre: state.digest("pre", plans.pre),
		post: state.digest("post", plans.post)
	};
	const pending = plans.pre.length + plans.post.length;
	return {
		verdict: "pass",
		reason: pending === 0 ? "Nothing is pending." : `${plural(plans.pre.length, "migration")} would run before the deploy, ${plans.post.length} after it.`,
		outputs: {
			pending,
			"digest-pre": digests.pre,
			"digest-post": digests.post
		},
		details: {
			database: database.description,
			serverVersion: database.serverVersion,
			layout: state.ledger.layout.name,
			applied: plans.applied,
			phases: [describePhase("pre", state, scripts, steps), describePhase("post", state, scripts, steps)],
			drift: {
				ahead: plans.ahead,
				unchecked: plans.unchecked
			},
			debts: plans.debts.map(({ migration, since, ageMs }) => ({
				id: migration.id,
				since: since.toISOString(),
				ageMs
			})),
			digests
		}
	};
}
function describePhase(phase, state, scripts, steps) {
	const heldBack = phase === "post" ? heldBackNow(state) : /* @__PURE__ */ new Set();
	return {
		phase,
		pending: state.plans[phase].map((migration) => {
			const script = scripts.find((one) => one.migration === migration);
			const warning = warningOf(script, steps.get(migration.version));
			return {
				id: migration.id,
				version: migration.version,
				path: migration.path,
				transactional: migration.transactional,
				...script?.unwrapped ? { unwrapped: true } : {},
				...warning === void 0 ? {} : { warning },
				...heldBack.has(migration) ? { heldBack: true } : {}
			};
		})
	};
}
function warningOf(script, finished) {
	if (finished !== void 0) return `${plural(finished, "statement")} ran in an earlier run; goes on after`;
	if (script?.unparsed !== void 0) return `not parsed, sent as one message: ${script.unparsed}`;
	return script?.units.length === 0 ? "holds no statement" : void 0;
}
/** Post migrations that `migrate --phase post` would not run now. */
function heldBackNow({ plans, evidence, policy }) {
	try {
		return new Set(migrationsFor("post", plans, evidence, policy).heldBack);
	} catch {
		return new Set(plans.post);
	}
}
export { plan_default as default };
