import { V as planDigest, d as drillPolicy, g as requirementPolicy, t as checkIdentity } from "./migration-state.js";
import { n as refuseOtherTarget } from "./team-environment.js";
// src/commands/team-state.ts
/** Throws when this is another database than the one that is meant, or than the one that the command would migrate. */
async function readTeamState(command, inputs, database, context) {
	const { environment } = context;
	if (!refuseOtherTarget(context.variables.DATABASE_URL, inputs["database-url"])) context.log.warn("DATABASE_URL in the environment is of a form that cannot be compared: see to it that it names this database");
	const stamp = await checkIdentity(database, context);
	const contract = (phase) => ({
		environment,
		phase,
		layout: "command",
		folders: [],
		tables: [],
		stamp: stamp?.id ?? null,
		migrations: [],
		command: commandFor(command, phase),
		policy: {
			"lock-budget": inputs["lock-budget"],
			"allow-unphased": inputs["allow-unphased"],
			...requirementPolicy(inputs),
			...drillPolicy(inputs)
		}
	});
	return {
		evidence: {
			history: (await database.state.history()).rows,
			isFresh: await database.isFresh()
		},
		contract,
		digest: (phase) => planDigest(contract(phase))
	};
}
/** Both phases at once are what the post command does where nothing has run before. */
function commandFor(command, phase) {
	return command[phase === "pre" ? "pre" : "post"];
}
export { readTeamState as n, commandFor as t };
