import { t as connectionFromVariables } from "./connection.js";
import { a as traitsOf, c as secretForms, n as inputNames } from "./inputs.js";
// src/secrets.ts
/** The texts that must never be printed, found before anything is parsed. */
function secretsOf(given, variables) {
	const forms = [
		...inputNames.filter((name) => traitsOf(name).secret).map((name) => given.get(name)),
		variables.DATABASE_URL,
		connectionFromVariables(variables)
	].filter((url) => Boolean(url)).flatMap(secretForms);
	return new Set(variables.PGPASSWORD ? [...forms, variables.PGPASSWORD] : forms);
}
export { secretsOf as t };
