import { Jt as plural } from "./start.js";
// src/lint/publish/annotations.ts
/** GitHub shows ten of each kind for a step and drops the rest; the verdict is one of the errors. */
const mostShown = {
	error: 9,
	warning: 10,
	notice: 10
};
const longestMessage = 1e3;
/** What `lint` shows beside the lines of its findings, and beside settings that would change. */
function annotationsOf(findings, settings, place) {
	return asManyAsShown([...settingAnnotations(settings, place), ...findings.map((finding) => annotationOf(finding, place.folder))]);
}
/** The gravest first; what does not fit is counted in the last of its kind. */
function asManyAsShown(all) {
	return [
		"error",
		"warning",
		"notice"
	].flatMap((severity) => {
		const these = all.filter((one) => one.severity === severity);
		if (these.length <= mostShown[severity]) return these;
		const shown = these.slice(0, mostShown[severity] - 1);
		const rest = plural(these.length - shown.length, `more ${severity}`);
		return [...shown, {
			severity,
			title: rest,
			message: `${rest}: the job summary and the JSON result hold all of them.`
		}];
	});
}
function annotationOf({ rule, severity, path, start, end, message, remedy }, folder) {
	const oneLine = end.line === start.line && end.column > start.column;
	return {
		severity: severity === "advice" ? "notice" : severity,
		path: folder + path,
		startLine: start.line,
		endLine: end.line,
		...oneLine ? {
			startColumn: start.column,
			endColumn: end.column
		} : {},
		title: rule,
		message: clip(`${message}\n${remedy}`)
	};
}
function settingAnnotations(settings, { folder, configFile }) {
	if (settings.length === 0) return [];
	const message = clip(`This changes ${settings.map(({ name }) => name).join(", ")}. Until it is merged the settings of the base count.`);
	return [{
		severity: "notice",
		...configFile === void 0 ? {} : { path: folder + configFile },
		title: "config-changed",
		message
	}];
}
function clip(text) {
	return text.length <= longestMessage ? text : `${text.slice(0, 998)} …`;
}
export { asManyAsShown as n, annotationsOf as t };
