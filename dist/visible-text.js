// src/visible-text.ts
/** Controls (ESC, NUL …), formats (bidi marks, zero-width and soft hyphens) and lone surrogates: they hide or reorder text. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** The text with U+FFFD for each character that hides or reorders others; line ends count as such. */
function visible(text) {
	return text.replace(hidden, "�");
}
/** The text on one line: each run of white space and line ends is a space. */
function oneLine(text) {
	return visible(text.replace(/[\s\u0085]+/g, " ")).trim();
}
export { visible as n, oneLine as t };
