// src/nearest.ts
/** The candidate that a mistyped word most likely meant, or `undefined` when none is close. */
function nearest(word, candidates) {
	let best;
	for (const candidate of candidates) {
		const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
		if (best === void 0 || distance < best.distance) best = {
			candidate,
			distance
		};
	}
	return best !== void 0 && best.distance <= Math.max(2, word.length / 3) ? best.candidate : void 0;
}
/** A sentence to append to an error about an unknown word; empty when nothing is close. */
function didYouMean(word, candidates) {
	const candidate = nearest(word, candidates);
	return candidate === void 0 ? "" : ` Did you mean ${candidate}?`;
}
/** The candidates nearest to a word, the nearest first: close ones, and such that hold the word or are held by it. */
function nearestWords(word, candidates, most) {
	const wanted = word.toLowerCase();
	const limit = Math.max(2, word.length / 3);
	const close = [];
	for (const candidate of candidates) {
		const other = candidate.toLowerCase();
		const holds = other.includes(wanted) || wanted.includes(other);
		if (!holds && Math.abs(other.length - wanted.length) > limit) continue;
		const distance = editDistance(wanted, other);
		if (holds || distance <= limit) close.push({
			candidate,
			distance
		});
	}
	return close.sort((one, other) => one.distance - other.distance).slice(0, most).map(({ candidate }) => candidate);
}
/** Levenshtein's distance, one row at a time. */
function editDistance(a, b) {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
			next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
		}
		row = next;
	}
	return row[b.length];
}
export { nearestWords as n, didYouMean as t };
