import { A as traitsOf, O as inputNames, a as metricsSecrets, nn as secretForms, o as metricsVariables, rn as connectionFromVariables } from "./start.js";
import { kn as privateKeyForms } from "./migrations.js";
// src/secrets.ts
/** The texts that must never be printed, found before anything is parsed. */
function secretsOf(given, variables) {
	const secretInputs = inputNames.filter((name) => traitsOf(name).secret && name !== "ssh-key");
	const ambient = [
		"DATABASE_URL",
		"DRILL_DATABASE_URL",
		"GITHUB_TOKEN",
		"AWS_ACCESS_KEY_ID",
		"AWS_SECRET_ACCESS_KEY",
		"AWS_SESSION_TOKEN"
	].map((name) => variables[name]);
	const urls = [
		...secretInputs.map((name) => given.get(name)),
		...ambient,
		connectionFromVariables(variables)
	];
	const metrics = metricsVariables.flatMap(([input, variable]) => [given.get(input), variables[variable]].filter(isGiven).flatMap((value) => metricsSecrets(input, value)));
	const keys = [given.get("ssh-key"), variables.SSH_KEY];
	const forms = [
		...urls.filter(isGiven).flatMap(secretForms),
		...keys.filter(isGiven).flatMap(privateKeyForms),
		...metrics
	];
	const flyway = Object.entries(variables).flatMap(([name, value]) => isFlywaySecret.test(name) && isGiven(value) ? [value] : []);
	forms.push(...flyway);
	return new Set(variables.PGPASSWORD ? [...forms, variables.PGPASSWORD] : forms);
}
/** What Flyway puts into files may be a password: the name of its variable tells. */
const isFlywaySecret = /^FLYWAY_(?:PASSWORD$|PLACEHOLDERS_.*(?:PASS|PW|SECRET|TOKEN|KEY|CREDENTIAL))/i;
function isGiven(text) {
	return Boolean(text);
}
export { secretsOf as t };
