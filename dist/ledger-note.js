import { Y as sidesOf } from "./migrations.js";
import { Ft as string, Nt as object, Tt as array, Vt as NEVER, ht as isFileOf, kt as int, mt as byVersion } from "./start.js";
// src/migration/ledger-note.ts
function noteLedger({ migrations, entries, history }, { applied = [], begun }, postgres) {
	const sides = sidesOf(migrations, entries, history);
	const files = new Map(migrations.map((migration) => [migration.version, migration]));
	const ofEntry = ({ version, phase, checksum }) => {
		const attempt = sides.attempts.get(version);
		const known = sides.contained.get(version)?.at(-1);
		const file = files.get(version);
		const ran = checksum ?? attempt?.checksum;
		const own = file !== void 0 && (ran === void 0 || isFileOf(file, ran)) ? file : void 0;
		return {
			version,
			phase: phase ?? attempt?.phase ?? known?.phase ?? file?.phase,
			checksum: ran,
			name: attempt?.name || known?.name || own?.id
		};
	};
	const ofFile = (version) => {
		const file = files.get(version);
		return {
			version,
			phase: file?.phase,
			checksum: file?.checksum,
			name: file?.id
		};
	};
	const ran = new Map(entries.map((entry) => [entry.version, ofEntry(entry)]));
	for (const { version } of applied) ran.set(version, ofFile(version));
	const perhaps = [...new Set(begun)].filter((version) => !ran.has(version)).map(ofFile);
	return {
		postgres,
		ran: linesOf([...ran.values()]),
		perhaps: linesOf(perhaps)
	};
}
function linesOf(versions) {
	return [...versions].sort(byVersion).map(({ version, phase = "-", checksum = "-", name = "-" }) => `${version} ${phase} ${checksum} ${name}`);
}
const line = string().transform((text, context) => {
	const [, version, phase, checksum, name] = /^(\d+(?:\.\d+)*|R:\S*) (pre|post|-) (\S+) ([\s\S]+)$/.exec(text) ?? [];
	if (version === void 0 || checksum === void 0) {
		context.addIssue("not a line of a ledger");
		return NEVER;
	}
	const known = (word) => word === "-" ? void 0 : word;
	return {
		version,
		phase: known(phase),
		checksum: known(checksum),
		name: known(name)
	};
});
/** A note as a record holds it. */
const ledgerNote = object({
	postgres: int(),
	ran: array(line),
	perhaps: array(line)
});
export { noteLedger as n, ledgerNote as t };
