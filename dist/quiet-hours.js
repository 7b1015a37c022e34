// src/gate/protection/levels.ts
/** What is asked of an environment's protection, and of the run that passes through it. */
const protectionRules = [
	"reviewers",
	"self-review",
	"admins",
	"branches",
	"secrets",
	"approval",
	"re-run"
];
/** `require` fails the gate, `warn` shows, `off` does not look. */
const protectionLevels = [
	"require",
	"warn",
	"off"
];
const defaults = {
	reviewers: "require",
	"self-review": "require",
	admins: "warn",
	branches: "require",
	secrets: "require",
	approval: "warn",
	"re-run": "warn"
};
/** A second person takes the place of the reviewers that a plan of GitHub does not have. */
const besideSecondPerson = {
	reviewers: "off",
	"self-review": "off",
	approval: "off"
};
/** The level of each rule; `all` stands for those that are not named. Beside a second person branches and re-runs always count. */
function levelsOf(given, secondPerson) {
	const other = given.get("all");
	const chosen = protectionRules.map((rule) => {
		const usual = (secondPerson ? besideSecondPerson[rule] : void 0) ?? defaults[rule];
		return [rule, given.get(rule) ?? other ?? usual];
	});
	const always = secondPerson ? {
		branches: "require",
		"re-run": "require"
	} : {};
	return {
		...Object.fromEntries(chosen),
		...always
	};
}
function asksNothing(levels) {
	return Object.values(levels).every((level) => level === "off");
}
// src/gate/quiet-hours.ts
const dayNames = [
	"sun",
	"mon",
	"tue",
	"wed",
	"thu",
	"fri",
	"sat"
];
const everyDay = [
	0,
	1,
	2,
	3,
	4,
	5,
	6
];
const minutesOfDay = 1440;
const minuteMs = 6e4;
/** Reads `22:00-06:00 Europe/Berlin, sat, sun`. A text that comes back says what is wrong. */
function parseQuietHours(text) {
	const windows = [];
	const zones = /* @__PURE__ */ new Set();
	for (const part of text.split(",").map((one) => one.trim())) {
		const [, days, times, zone] = /^([a-z]{3}(?:-[a-z]{3})?)?\s*(\d\d:\d\d-\d\d:\d\d)?(?:(?:^|\s+)([A-Za-z][\w+-]*(?:\/[\w+-]+)*))?$/i.exec(part) ?? [];
		const listed = days === void 0 ? everyDay : daysOf(days.toLowerCase());
		const hours = times === void 0 ? {
			from: 0,
			to: minutesOfDay
		} : hoursOf(times);
		if (listed === void 0 || hours === void 0 || days === void 0 && times === void 0) return wrong;
		if (zone !== void 0) zones.add(zone);
		windows.push({
			days: listed,
			...hours
		});
	}
	const [zone = "UTC", ...others] = zones;
	if (others.length > 0) return "must have one time zone for all of its hours";
	return isZone(zone) ? {
		windows,
		zone,
		text
	} : `must name a time zone as the IANA list has it, such as Europe/Berlin`;
}
const wrong = "must be hours, days or both, such as 22:00-06:00 Europe/Berlin, or mon-fri 20:00-06:00, sat, sun";
function daysOf(text) {
	const [first = -1, last = first] = text.split("-").map((name) => dayNames.indexOf(name));
	if (first < 0 || last < 0) return void 0;
	const length = (last - first + 7) % 7 + 1;
	return Array.from({ length }, (_, index) => (first + index) % 7);
}
function hoursOf(text) {
	const [from, to] = text.split("-").map((time) => {
		const [hour = 0, minute = 0] = time.split(":").map(Number);
		return minute < 60 && hour * 60 + minute <= minutesOfDay ? hour * 60 + minute : void 0;
	});
	return from === void 0 || to === void 0 || from === to || from === minutesOfDay ? void 0 : {
		from,
		to
	};
}
function isZone(zone) {
	try {
		new Intl.DateTimeFormat("en-US", { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}
/** By the clock on the wall: an hour that a change to winter time brings twice is quiet twice. */
function isQuiet(hours, at) {
	return quietAt(hours, wallClock(hours.zone))(at);
}
/** The first minute from `at` on that is quiet; there is one within a week, or within two where the clock leaves an hour out. */
function nextQuiet(hours, at) {
	const quiet = quietAt(hours, wallClock(hours.zone));
	if (quiet(at)) return at;
	const start = Math.ceil(at.getTime() / minuteMs);
	for (let minute = start; minute < start + 15 * minutesOfDay; minute++) {
		const moment = /* @__PURE__ */ new Date(minute * minuteMs);
		if (quiet(moment)) return moment;
	}
}
/** `Fri 22:00 Europe/Berlin`, for people. */
function wallTime({ zone }, at) {
	const { day, minute } = wallClock(zone)(at);
	const name = dayNames[day];
	const [hour, rest] = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0"));
	return `${name[0]?.toUpperCase()}${name.slice(1)} ${hour}:${rest} ${zone}`;
}
function quietAt({ windows }, clock) {
	return (at) => {
		const { day, minute } = clock(at);
		const yesterday = (day + 6) % 7;
		return windows.some(({ days, from, to }) => from < to ? days.includes(day) && minute >= from && minute < to : days.includes(day) && minute >= from || days.includes(yesterday) && minute < to);
	};
}
function wallClock(zone) {
	const format = new Intl.DateTimeFormat("en-US", {
		timeZone: zone,
		weekday: "short",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23"
	});
	return (at) => {
		const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
		return {
			day: dayNames.indexOf((parts.weekday ?? "").toLowerCase()),
			minute: Number(parts.hour) * 60 + Number(parts.minute)
		};
	};
}
export { asksNothing as a, protectionRules as c, wallTime as i, nextQuiet as n, levelsOf as o, parseQuietHours as r, protectionLevels as s, isQuiet as t };
