import { C as requirementPolicy, O as commandFor, ht as planDigest, l as refuseOtherDatabase, p as drillPolicy, t as checkIdentity } from "./migrations.js";
// src/commands/team-state.ts
/** Throws when this is another database than the one that is meant, or than the one that the command would migrate. */
async function readTeamState(command, inputs, database, context) {
	const { environment } = context;
	refuseOtherDatabase(inputs, context);
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
export { readTeamState as t };
