// src/units.ts
const durationUnits = {
	ms: 1,
	s: 1e3,
	m: 6e4,
	h: 36e5,
	d: 864e5
};
const sizeUnits = {
	B: 1,
	KiB: 1024,
	MiB: 1024 ** 2,
	GiB: 1024 ** 3,
	TiB: 1024 ** 4
};
/** Milliseconds of a text such as `500ms`, `5s`, `2m`, `1h30m` or `14d`; `undefined` when it is not one. */
function parseDuration(text) {
	if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return void 0;
	const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g);
	let sum = 0;
	for (const [, number, unit] of parts) sum += Number(number) * durationUnits[unit];
	return Math.round(sum);
}
/** Bytes of a text such as `868B`, `20MiB` or `1.5GiB`; `undefined` when it is not one. */
function parseSize(text) {
	const [, number, unit] = /^(\d+(?:\.\d+)?)(B|KiB|MiB|GiB|TiB)$/.exec(text) ?? [];
	return unit === void 0 ? void 0 : Math.round(Number(number) * sizeUnits[unit]);
}
/** A duration for people: `12 ms`, `4.2 s`, `3 min 48 s`, `2 h 5 min`, `3 d 4 h`. */
function formatDuration(ms) {
	if (ms < 1e3) return `${Math.round(ms)} ms`;
	if (ms < 59950) return `${(ms / 1e3).toFixed(1)} s`;
	const seconds = Math.round(ms / 1e3);
	if (seconds < 3600) return joinUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
	const minutes = Math.round(seconds / 60);
	if (minutes < 1440) return joinUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
	const hours = Math.round(minutes / 60);
	return joinUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}
/** A duration without the part of a second, for a line that is written again every moment. */
function wholeSeconds(ms) {
	return Math.round(ms / 1e3) * 1e3;
}
/** A number of bytes for people, in binary units: `868 B`, `1.2 MiB`. */
function formatSize(bytes) {
	let unit = "B";
	for (const [name, factor] of Object.entries(sizeUnits)) if (bytes >= factor) unit = name;
	return unit === "B" ? `${bytes} B` : `${(bytes / sizeUnits[unit]).toFixed(1)} ${unit}`;
}
/** A count with its noun: `1 migration`, `3 migrations`. */
function plural(count, noun) {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
/** A whole number with commas between the thousands; `Intl` would take 30 ms to load. */
function formatCount(count) {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
/** A moment for people: `2026-11-21 14:02:26 UTC`; a text that is none stays as it is. */
function formatMoment(at) {
	return (typeof at === "string" ? at : at.toISOString()).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, "$1 $2 UTC");
}
/** A moment as it stands in keys and ids: `20261121T140410Z`. */
function compactStamp(moment) {
	return moment.toISOString().replace(/\.\d+Z$/, "Z").replace(/[-:]/g, "");
}
function joinUnits(big, bigUnit, small, smallUnit) {
	return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}
export { formatSize as a, plural as c, formatMoment as i, wholeSeconds as l, formatCount as n, parseDuration as o, formatDuration as r, parseSize as s, compactStamp as t };
