// src/sql/locks/names.ts
/** The name in a FROM clause or after TABLE. */
function nameOf(relation) {
	return {
		schema: relation?.schemaname,
		name: relation?.relname ?? ""
	};
}
/** The words of a dotted name, wherever the parser keeps them: a list of strings, a list node or a type's name. */
function wordsOf(node) {
	if (node === void 0) return [];
	if (Array.isArray(node)) return node.map((one) => "String" in one ? one.String.sval ?? "" : "");
	const one = node;
	if ("List" in one) return wordsOf(one.List.items);
	if ("TypeName" in one) return wordsOf(one.TypeName.names);
	return "String" in one ? [one.String.sval ?? ""] : [];
}
/** The last two words of a dotted name. */
function nameOfWords(words) {
	return {
		schema: words.at(-2),
		name: words.at(-1) ?? ""
	};
}
/** `ONLY` leaves partitions and children out. */
function isOnly(relation) {
	return relation?.inh !== true;
}
const identifier = "\"(?:[^\"]|\"\")+\"|[a-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*";
const qualified = new RegExp(`^\\s*(?:(${identifier})\\s*\\.\\s*)?(${identifier})\\s*$`, "i");
/** Reads a name that stands in a string constant, as `regclass` does; `undefined` when it is none. */
function nameInText(text) {
	const [, schema, name] = qualified.exec(text) ?? [];
	return name === void 0 ? void 0 : {
		schema: schema === void 0 ? void 0 : unquote(schema),
		name: unquote(name)
	};
}
function unquote(word) {
	return word.startsWith("\"") ? word.slice(1, -1).replaceAll("\"\"", "\"") : word.toLowerCase();
}
/** An option in parentheses, such as `concurrently` of REINDEX: given, and not switched off. */
function hasOption(options, name) {
	return optionsOf(options).filter((option) => option.defname === name).some(({ arg }) => arg === void 0 || ![
		"false",
		"off",
		"0"
	].includes(textOf(arg)));
}
function optionsOf(options) {
	return (options ?? []).flatMap((option) => "DefElem" in option ? [option.DefElem] : []);
}
function textOf(node) {
	return "Integer" in node ? String(node.Integer.ival ?? 0) : (wordsOf(node)[0] ?? "").toLowerCase();
}
export { nameOfWords as a, nameOf as i, isOnly as n, optionsOf as o, nameInText as r, wordsOf as s, hasOption as t };
