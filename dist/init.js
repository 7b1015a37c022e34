import { B as railsHome, un as ReleaseError } from "./start.js";
import { at as postGenerator, it as postFolderLine, lt as skipVariable, s as readMigrations } from "./migrations.js";
import { t as require_dist } from "./dist.js";
import { t as version } from "./version.js";
import { t as defineCommand } from "./command.js";
import { createHash } from "node:crypto";
import { basename, join, relative } from "node:path";
// src/init/fill.ts
/** A workflow as a team copies it, in its own words. */
function fillWorkflow(template, answers) {
	const steps = (answers.program === void 0 ? template : withGems(template)).split(/(?=^ {6}- )/m).flatMap((step) => fillStep(step, answers));
	const filled = answers.config === void 0 ? steps.join("") : steps.join("").replace(ours, (step) => `${step}          config: ${JSON.stringify(answers.config)}\n`);
	return answers.action === void 0 ? filled : filled.replaceAll(placeholder, () => `uses: ${answers.action}`);
}
/** The application itself migrates, in every job that changes the database by migrations. */
function withGems(template) {
	return template.split(/(?=^ {2}[\w-]+:\n)/m).map((job) => startsProgram.test(job) ? job.replace(checkout, (step) => step + gemSteps) : job).join("");
}
const startsProgram = /^ {12}migrate$|^ {10}command: (?:migrate|rollback)\n(?! {10}dry-run)/m;
const checkout = /^ {6}- name: .*\n {8}uses: actions\/checkout@.*\n(?: {8}.*\n)*/m;
const gemSteps = `      # bin/rails migrates in this job. Where the runner's own Ruby is not the one of the application, put ruby/setup-ruby, pinned to
      # a commit, before this step. What the application asks for when it starts, such as RAILS_MASTER_KEY, goes into the env of the
      # steps that migrate.
      - name: Install the gems of the application
        run: |
          bundle config set --local without development:test
          bundle install
          echo RAILS_ENV=production >> "$GITHUB_ENV"
`;
const placeholder = /uses: OWNER\/shiplock@0{40} # v[\d.]+/g;
/** The head of a step of Shiplock, up to its inputs. */
const ours = /^ {8}uses: OWNER\/shiplock@.*\n(?: {8}\w.*\n)*? {8}with:\n/gm;
const deployLine = /run: make deploy ANSIBLE_INVENTORY=(\S+) #.*/;
const checkLine = /run: make deploy-check ANSIBLE_INVENTORY=(\S+) #.*/;
function fillStep(step, { deploy, deployCheck, tier }) {
	if (checkLine.test(step)) return deployCheck === void 0 ? [] : [step.replace(checkLine, (_, environment) => runOf(deployCheck, environment))];
	if (!deployLine.test(step)) return [step];
	const filled = step.replace(deployLine, (_, environment) => runOf(deploy, environment));
	return tier !== void 0 && filled.startsWith("      - name: Deploy\n") && step.includes("=production ") ? [tierSteps(tier), filled] : [filled];
}
/** In the job that was approved, so that nobody is asked twice: a part first, and the rest when the part does well. */
function tierSteps(command) {
	return `      - name: Deploy to a part of production
        ${runOf(command, "production")}
      - name: Watch that part
        uses: OWNER/shiplock@0000000000000000000000000000000000000000 # v0.1.0
        with:
          command: canary
          environment: production
          duration: 10m
          database-url: \${{ secrets.DATABASE_URL }}
          prometheus-token: \${{ secrets.PROMETHEUS_TOKEN }}
          loki-token: \${{ secrets.LOKI_TOKEN }}
          s3-access-key-id: \${{ secrets.STORE_KEY_ID }}
          s3-secret-access-key: \${{ secrets.STORE_SECRET }}
`;
}
/** A line of YAML; the environment may be a variable of the shell, which is in quotes already. */
function runOf(command, environment) {
	const text = command.replaceAll("{environment}", () => environment);
	return `run: ${/^[\w./][^#:\\\n]*$/.test(text) && text.trim() === text ? text : JSON.stringify(text)}`;
}
// src/init/rails-snippets.ts
/** What stock Rails lacks for migrations that run after the deploy. */
const railsSnippets = [{
	intro: `Into the class of config/application.rb. Without ${skipVariable}, as in development, in tests, and for db:schema:load and db:migrate:status, Rails then sees both folders; set it nowhere but in the steps before the deploy. Dump the schema only where both folders have run: db:schema:load takes every version up to that of the dump for run.`,
	text: postFolderLine
}, {
	intro: `Into ${postGenerator.path}: bin/rails generate post_migration drop_name_from_users name then writes into db/post_migrate.`,
	text: postGenerator.text
}];
// src/init/settings.ts
var import_dist = require_dist();
/** The text of `shiplock.yml`. */
function settingsText({ project, layout, pre, post, store, endpoint, prometheus, histogram, smoke }) {
	const checks = histogram === void 0 ? [] : [{
		id: "p95",
		kind: "latency",
		prometheus: `histogram_quantile(0.95, sum by (le) (rate(${histogram}_bucket[$window])))`,
		requests: `sum(increase(${histogram}_count[$window]))`
	}];
	const known = {
		project,
		migrations: {
			...layout === void 0 ? {} : { layout },
			pre,
			post
		},
		...store === void 0 ? {} : { store },
		...endpoint === void 0 ? {} : { "s3-endpoint": endpoint },
		...smoke === void 0 ? {} : { drill: { smoke } },
		...checks.length === 0 ? {} : { canary: {
			...prometheus === void 0 ? {} : { "prometheus-url": prometheus },
			checks
		} }
	};
	return `# Settings of Shiplock; docs/reference.md lists every key. Secrets never stand here.\n${(0, import_dist.stringify)(known, { lineWidth: 0 })}`;
}
// src/init/workflows.ts
/** The workflows that there are, and whether a team gets one that did not pick any. */
const workflowNames = [
	"release",
	"promote",
	"post-deploy",
	"rollback",
	"lint",
	"restore-drill",
	"backup"
];
/** Without `promote`, which is for teams whose environments can have no reviewers. */
const usualWorkflows = workflowNames.filter((name) => name !== "promote");
/**
* Where a workflow belongs: GitHub looks at the root of the repository alone. `folder` is that of the settings below it, such as
* `services/shop/`, which the name holds too, since another service may have workflows there.
*/
function pathOf(name, folder) {
	return `.github/workflows/${folder.replaceAll("/", "-")}${name}.yml`;
}
/** The first line of a workflow that was made: it tells later which text it was made from. */
function markOf(name, template, version) {
	return `# Made by "shiplock init" ${version} from ${name} ${fingerprint(template)}; change what is yours.\n`;
}
function standingOf(name, text, template) {
	if (text === void 0) return "missing";
	const mark = /^# Made by "shiplock init" \S+ from ([\w-]+) ([0-9a-f]{12});/.exec(text);
	if (mark === null || mark[1] !== name) return "not ours";
	return mark[2] === fingerprint(template) ? "current" : "outdated";
}
function fingerprint(template) {
	return createHash("sha256").update(template).digest("hex").slice(0, 12);
}
// src/commands/init.ts
var init_default = defineCommand({
	summary: "Write the workflows of a release, and shiplock.yml, into this repository; init --check says which are out of date.",
	inputs: [
		"workflows",
		"deploy-command",
		"deploy-check-command",
		"deploy-tier-command",
		"action-ref",
		"check",
		"layout",
		"migrate-command",
		"migrate-command-post",
		"migrations",
		"migrations-post",
		"store",
		"prometheus-url",
		"histogram",
		"smoke",
		"dry-run"
	],
	optional: ["store"],
	outputs: {},
	terminalOnly: true,
	async run(inputs, context) {
		const names = inputs.workflows === void 0 ? usualWorkflows : inputs.workflows.map(named);
		const templates = await Promise.all(names.map(async (name) => ({
			name,
			template: await context.readShipped(`workflows/${name}.yml`)
		})));
		const folder = await context.folderInRepository();
		const placed = await Promise.all(templates.map(async (one) => ({
			...one,
			...await placeOf(one, folder, context)
		})));
		if (inputs.check) return checked(placed);
		const { layout, said } = await layoutOf(inputs, context);
		const program = layout === "rails" ? "ruby" : void 0;
		const answers = {
			...await askFor(inputs, context),
			config: configOf(folder, context),
			program
		};
		const files = placed.map(({ name, path, template, standing }) => {
			return {
				path,
				standing,
				text: markOf(name, template, version) + fillWorkflow(template, answers)
			};
		});
		const settings = await settingsFile(layout, inputs, context);
		const written = [];
		const kept = [];
		for (const { path, text, standing } of [...files, ...settings === void 0 ? [] : [{
			...settings,
			standing: "missing"
		}]]) {
			const shown = relative(context.baseDir, path);
			if (standing !== "missing") {
				kept.push(shown);
				continue;
			}
			if (!inputs["dry-run"]) await context.writeNewFile(path, text);
			written.push(shown);
		}
		return {
			verdict: "pass",
			reason: sentenceOf(written.length, kept.length, inputs["dry-run"]),
			details: {
				written,
				kept,
				dryRun: inputs["dry-run"],
				next: written.length === 0 ? [] : nextSteps(names, answers, settings === void 0 ? void 0 : said),
				...layout === "rails" ? { toPaste: railsSnippets } : {}
			}
		};
	}
});
async function placeOf({ name, template }, folder, context) {
	const root = join(context.baseDir, ...folder.split("/").filter(Boolean).map(() => ".."));
	const path = join(root, pathOf(name, folder));
	return {
		path,
		standing: standingOf(name, await context.readText(path), template)
	};
}
/** The action looks for `shiplock.yml` at the root by itself. */
function configOf(folder, { sources }) {
	const file = folder + basename(sources.configFile ?? "shiplock.yml");
	return file === "shiplock.yml" ? void 0 : file;
}
/** Throws `invalid-input`. */
function named(name) {
	const found = workflowNames.find((one) => one === name);
	if (found !== void 0) return found;
	throw new ReleaseError("invalid-input", `There is no workflow ${JSON.stringify(name)}.`, { hint: `There are ${workflowNames.join(", ")}.` });
}
function checked(placed) {
	const outdated = placed.filter(({ standing }) => standing === "outdated");
	const missing = placed.filter(({ standing }) => standing === "missing");
	return {
		verdict: outdated.length === 0 ? "pass" : "fail",
		reason: outdated.length > 0 ? `${outdated.map(({ name }) => name).join(", ")} ${outdated.length === 1 ? "was" : "were"} made from an older text than this version has.` : missing.length > 0 ? `What is there is up to date; ${missing.map(({ name }) => name).join(", ")} ${missing.length === 1 ? "is" : "are"} not there.` : "Every workflow is up to date.",
		details: { files: placed.map(({ name, standing }) => ({
			name,
			standing
		})) }
	};
}
/** What the flags do not say is asked where somebody can answer. */
async function askFor(inputs, context) {
	const ask = async (given, question) => given ?? await context.ask(question);
	return {
		deploy: await ask(inputs["deploy-command"], "Command that deploys, with {environment} for staging and production") ?? defaultDeploy,
		deployCheck: await ask(inputs["deploy-check-command"], "Command that only checks the deploy (empty: none)"),
		tier: await ask(inputs["deploy-tier-command"], "Command that deploys to a part of production first (empty: none)"),
		action: inputs["action-ref"]
	};
}
const defaultDeploy = "./deploy.sh {environment}";
/** `undefined` when there is one already. */
async function settingsFile(layout, inputs, context) {
	const path = join(context.baseDir, "shiplock.yml");
	if (context.sources.configFile !== void 0 || await context.readText(path) !== void 0) return void 0;
	const histogram = inputs.histogram ?? await context.ask("Histogram of your requests' time in Prometheus, without _bucket (empty: none)");
	const prometheus = inputs["prometheus-url"] ?? (histogram === void 0 ? void 0 : await context.ask("URL of Prometheus"));
	return {
		path,
		text: settingsText({
			project: context.project,
			layout,
			pre: relative(context.baseDir, inputs.migrations),
			post: relative(context.baseDir, inputs["migrations-post"]),
			store: context.storeUrl ?? await context.ask("Bucket for backups, such as s3://acme-backups/shop (empty: later)"),
			endpoint: context.storeEndpoint,
			prometheus,
			histogram,
			smoke: inputs.smoke === void 0 ? void 0 : relative(context.baseDir, inputs.smoke)
		})
	};
}
/** Named where files show it: then a new file of another tool is found out at once. With it what to look at in the settings. */
async function layoutOf(inputs, context) {
	const look = "Look through shiplock.yml.";
	try {
		const { layout, shownBy } = await readMigrations(inputs, context);
		const why = shownBy === void 0 ? look : `Look through shiplock.yml: the layout in it is ${layout.name}, since ${shownBy}.`;
		return {
			layout: layout.name,
			said: why
		};
	} catch (error) {
		if (!(error instanceof ReleaseError)) throw error;
		const [path, text] = railsHome.shownBy;
		const isRails = (await context.readText(join(context.baseDir, path)))?.includes(text);
		if (error.code === "migrations-not-found") return {
			layout: isRails ? "rails" : void 0,
			said: look
		};
		return {
			layout: void 0,
			said: `Name the layout in shiplock.yml (migrations.layout), which was not found out: ${error.message}`
		};
	}
}
function sentenceOf(written, kept, dryRun) {
	if (written === 0) return "Everything is there already; nothing was written. \"shiplock init --check\" says what is out of date.";
	const files = `${written} ${written === 1 ? "file" : "files"}`;
	const left = kept === 0 ? "" : ` ${kept} that ${kept === 1 ? "is" : "are"} there already ${kept === 1 ? "was" : "were"} left alone.`;
	return dryRun ? `${files} would be written.${left}` : `${files} ${written === 1 ? "was" : "were"} written.${left}`;
}
function nextSteps(names, { action, deploy, program }, ofSettings) {
	return [
		...action === void 0 ? ["Put the repository and the commit of the release of Shiplock that you use in place of OWNER/shiplock@000… in each workflow."] : [],
		...deploy === defaultDeploy ? [`Write ${defaultDeploy.split(" ")[0]}, or put your own deploy command in its place.`] : [],
		...program === void 0 ? [] : ["Look at the step \"Install the gems of the application\" in each workflow: it has to give the application the Ruby and the secrets that it starts with."],
		...ofSettings === void 0 ? [] : [ofSettings],
		"Make the environments and their secrets: docs/workflows.md lists them.",
		...names.includes("promote") ? ["Set the repository variable PROMOTE to by-hand: then release.yml ends after the canary."] : [],
		"Commit, and run \"shiplock gate --environment production\" to see what is not guarded yet."
	];
}
export { init_default as default };
