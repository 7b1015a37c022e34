// src/sql/locks.ts
const lockModes = [
	"AccessShare",
	"RowShare",
	"RowExclusive",
	"ShareUpdateExclusive",
	"Share",
	"ShareRowExclusive",
	"Exclusive",
	"AccessExclusive"
];
function conflictingModes(_mode) {
	return lockModes;
}
function modeInSql(mode) {
	return mode.replace(/(?!^)([A-Z])/g, " $1").toUpperCase();
}
function statementLocks(_statement) {
	return {
		locks: [],
		creates: [],
		unknown: "stub",
		work: "rows",
		definesOnly: false
	};
}
export { statementLocks as i, lockModes as n, modeInSql as r, conflictingModes as t };
