// src/rollback/concern.ts
/** The gravest first: what is known to break comes before what nobody knows. */
const effects = [
	"breaks-start",
	"breaks-reads",
	"breaks-writes",
	"changes-meaning",
	"unknown",
	"compatible"
];
function gravest(all) {
	return [...all].sort((one, other) => effects.indexOf(one.effect) - effects.indexOf(other.effect))[0];
}
// src/rollback/decide.ts
function lineByRules(judged) {
	const worst = gravest(judged.concerns);
	const { migration, path, start, statement, data } = judged;
	return {
		migration,
		path,
		start,
		statement,
		data,
		by: "rules",
		effect: worst?.effect ?? "compatible",
		because: worst?.because ?? ""
	};
}
/** The answer of a release is that of its worst statement. */
function decide(lines, by) {
	const worst = gravest(lines);
	const deciding = worst === void 0 || worst.effect === "compatible" ? void 0 : worst;
	return {
		shape: shapeOf(deciding?.effect),
		by,
		lines: [...lines].sort(byGravity),
		deciding
	};
}
/** `path:line`, as far as it is known. */
function placeOf({ path, start }) {
	return start === void 0 ? path : `${path}:${start.line}`;
}
function shapeOf(effect) {
	if (effect === void 0) return "code-only";
	return effect === "unknown" ? "undecided" : "hotfix";
}
function byGravity(one, other) {
	return effects.indexOf(one.effect) - effects.indexOf(other.effect);
}
export { gravest as i, lineByRules as n, placeOf as r, decide as t };
