import { Jt as plural, Ut as formatCount, Wt as formatDuration, fn as messageOf, pn as systemCode, un as ReleaseError } from "./start.js";
import { t as _usingCtx } from "./usingCtx.js";
import { t as defineCommand } from "./command.js";
// src/demo/traffic.ts
const nothingAsked = {
	queries: 0,
	failed: 0,
	slowest: void 0,
	firstFailed: void 0
};
/** Counts the application's queries; each belongs to the span in which it ended. */
var Traffic = class {
	#span = nothingAsked;
	record(asked) {
		this.#span = addTallies(this.#span, {
			queries: 1,
			failed: asked.error === void 0 ? 0 : 1,
			slowest: asked,
			firstFailed: asked.error === void 0 ? void 0 : asked
		});
	}
	/** The span so far. */
	get now() {
		return this.#span;
	}
	/** Ends the span, and begins the next. */
	cut() {
		const span = this.#span;
		this.#span = nothingAsked;
		return span;
	}
};
function addTallies(a, b) {
	return {
		queries: a.queries + b.queries,
		failed: a.failed + b.failed,
		slowest: (a.slowest?.ms ?? -1) >= (b.slowest?.ms ?? -1) ? a.slowest : b.slowest,
		firstFailed: a.firstFailed ?? b.firstFailed
	};
}
// src/demo/timeline.ts
/** Steps in the order in which a release takes them; each becomes a check. */
const stepIds = [
	"plan",
	"backup",
	"migrate-pre",
	"deploy",
	"record-deployed",
	"columns-equal",
	"migrate-post",
	"backup-after",
	"restore-drill"
];
/** All queries of the application, the time before the first step included. */
function totalOf(spans) {
	return spans.reduce((sum, span) => addTallies(sum, span.tally), nothingAsked);
}
/** A check for each step, whether it ran or not, and one for the application. */
function checksOf(spans) {
	const steps = stepIds.map((id) => {
		const span = spans.find((one) => one.id === id);
		if (span === void 0) return {
			id,
			status: "not-checked",
			message: "did not run"
		};
		return {
			id,
			status: {
				passed: "pass",
				failed: "fail",
				stopped: "not-checked"
			}[span.state],
			value: formatDuration(span.ms),
			message: span.reason
		};
	});
	const { queries, failed, firstFailed } = totalOf(spans);
	if (queries === 0) return [...steps, {
		id: "application-errors",
		status: "not-checked",
		message: "no query ran"
	}];
	const message = firstFailed === void 0 ? `of ${countQueries(queries)}` : describeError(firstFailed);
	return [...steps, {
		id: "application-errors",
		status: failed === 0 ? "pass" : "fail",
		value: failed,
		limit: 0,
		message
	}];
}
/** The timeline as it stands in the result. */
function timelineOf(spans) {
	return spans.map(({ id, command, startedAt, ms, state, reason, tally }) => ({
		id,
		command,
		startedAt: startedAt.toISOString(),
		ms: Math.round(ms),
		verdict: {
			passed: "pass",
			failed: "fail",
			stopped: "inconclusive"
		}[state],
		reason,
		...describeTally(tally)
	}));
}
function describeTally({ queries, failed, slowest, firstFailed }) {
	return {
		queries,
		failed,
		...slowest === void 0 ? {} : {
			slowestMs: Math.round(slowest.ms * 10) / 10,
			slowest: nameOf(slowest)
		},
		...firstFailed === void 0 ? {} : { firstError: describeError(firstFailed) }
	};
}
/** What a person reads below a step. */
function tallyLine({ queries, failed, slowest }) {
	const slow = slowest === void 0 ? "" : `; the slowest took ${formatDuration(slowest.ms)} (${nameOf(slowest)})`;
	return `${countQueries(queries)} of the application meanwhile, ${formatCount(failed)} failed${slow}`;
}
/** A query that failed, with what the server said. */
function describeError({ error, ...asked }) {
	const state = error?.sqlstate === void 0 ? "" : ` (SQLSTATE ${error.sqlstate})`;
	return `${nameOf(asked)}: ${error?.message}${state}`;
}
function countQueries(count) {
	return `${formatCount(count)} ${count === 1 ? "query" : "queries"}`;
}
function nameOf({ version, what }) {
	return `${version}, ${what}`;
}
// src/demo/conclude.ts
/** The verdict over a rehearsal. What the break shows is a failed release, and never looks like a good one. */
function conclude(spans, facts) {
	const { serverVersion, rows, dropEarly, remains } = facts;
	const checks = [...checksOf(spans), leftBehind(remains)];
	const total = totalOf(spans);
	const details = {
		serverVersion,
		rows,
		...dropEarly ? { break: "drop-early" } : {},
		steps: timelineOf(spans),
		application: describeTally(total)
	};
	return {
		...judge(spans, facts),
		checks,
		details
	};
}
function judge(spans, { dropEarly, interrupted, remains }) {
	const { queries, failed, firstFailed, slowest } = totalOf(spans);
	const last = spans.find(({ state }) => state !== "passed");
	if (interrupted) {
		const error = new ReleaseError("interrupted", "The demonstration was stopped by a signal.", { hint: "Start it again at any time." });
		return {
			verdict: "inconclusive",
			reason: `Stopped by a signal during ${last?.command ?? "the preparation"}.`,
			error
		};
	}
	if (last !== void 0) return failure(`${last.command} did not pass: ${last.reason}`);
	if (remains.length > 0) return failure(`Something was left behind: ${remains.join(", ")}.`);
	if (dropEarly) return brokenVerdict(spans);
	if (queries === 0) return failure("The application asked nothing, so that nothing was shown.");
	if (firstFailed !== void 0) return failure(`${countQueries(failed)} of the application failed; the first was ${describeError(firstFailed)}`);
	const took = spans.reduce((sum, { ms }) => sum + ms, 0);
	const slow = slowest === void 0 ? "" : `, and the slowest took ${formatDuration(slowest.ms)}`;
	return {
		verdict: "pass",
		reason: `The shop went from version 1 to version 2 in ${formatDuration(took)} while it was open: ${countQueries(queries)} ran, 0 failed${slow}.`
	};
}
/** Version 1 must have failed, and version 2, which does not know the column, must not. */
function brokenVerdict(spans) {
	const { failed, firstFailed } = totalOf(spans);
	const after = spans.find(({ id }) => id === "after")?.tally.firstFailed;
	if (after !== void 0) return failure(`Queries failed after version 1 was gone, too: ${describeError(after)}`);
	if (firstFailed === void 0) return failure("The column was dropped early, and yet no query of version 1 failed.");
	return {
		verdict: "fail",
		reason: `${countQueries(failed)} of version 1 failed, as they would in production; the first was ${describeError(firstFailed)}.`
	};
}
function failure(message) {
	return {
		verdict: "fail",
		reason: message,
		error: new ReleaseError("demo-failed", message, { hint: "Start it again; when it fails again, please report it with the JSON result (--json)." })
	};
}
function leftBehind(remains) {
	const id = "nothing-left-behind";
	return remains.length === 0 ? {
		id,
		status: "pass",
		message: "no process, no folder"
	} : {
		id,
		status: "fail",
		message: remains.join(", ")
	};
}
// src/demo/application.ts
/** Reads and writes `orders.total`. */
const version1 = {
	name: "version 1",
	operations: operationsOn("total"),
	amount: (cents) => (cents / 100).toFixed(2)
};
/** Reads and writes `orders.total_cents` and knows nothing of `total`. */
const version2 = {
	name: "version 2",
	operations: [...operationsOn("total_cents"), {
		what: "find large orders",
		statements: [{
			text: "select id, total_cents from orders where total_cents >= $1 order by total_cents limit 10",
			values: ["amount"]
		}]
	}],
	amount: String
};
/** Reads are listed several times, since they are most of what a shop does. */
function operationsOn(column) {
	const read = {
		what: "read an order",
		statements: [{
			text: `select id, customer_id, status, ${column} from orders where id = $1`,
			values: ["order"]
		}]
	};
	const list = {
		what: "list a customer's orders",
		statements: [{
			text: `select id, status, ${column}, placed_at from orders where customer_id = $1 order by id desc limit 10`,
			values: ["customer"]
		}]
	};
	const sum = {
		what: "add up a customer's orders",
		statements: [{
			text: `select count(*), sum(${column}) from orders where customer_id = $1`,
			values: ["customer"]
		}]
	};
	return [
		read,
		list,
		read,
		{
			what: "place an order",
			statements: [{
				text: `insert into orders (customer_id, ${column}) values ($1, $2) returning id, ${column}`,
				values: ["customer", "amount"]
			}, {
				text: "update customers set orders_placed = orders_placed + 1 where id = $1",
				values: ["customer"]
			}]
		},
		read,
		sum,
		{
			what: "change an order",
			statements: [{
				text: `update orders set ${column} = $2 where id = $1 returning ${column}`,
				values: ["order", "amount"]
			}]
		},
		read,
		list,
		{
			what: "ship an order",
			statements: [{
				text: `update orders set status = 'shipped' where id = $1 returning id`,
				values: ["order"]
			}]
		}
	];
}
// src/demo/migrations.ts
const expand = {
	file: "0001_add_orders_total_cents.sql",
	text: `-- The new column, empty at first, and a trigger that keeps both in step while two versions write.
alter table orders add column total_cents bigint;

create function orders_sync_total() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    new.total_cents := coalesce(new.total_cents, round(new.total * 100));
    new.total := coalesce(new.total, new.total_cents / 100.0);
  elsif new.total is distinct from old.total then
    new.total_cents := round(new.total * 100);
  elsif new.total_cents is distinct from old.total_cents then
    new.total := new.total_cents / 100.0;
  end if;
  return new;
end
$$;

create trigger orders_sync_total before insert or update on orders
  for each row execute function orders_sync_total();
`
};
const backfill = {
	file: "0002_backfill_orders_total_cents.sql",
	text: `-- shiplock: no-transaction
-- Old rows, 1,000 at a time: nobody waits for longer than one batch takes. Running it again does no harm.
do $$
declare
  done_up_to bigint := 0;
  batch_end bigint;
begin
  loop
    select max(id) into batch_end
      from (select id from orders where id > done_up_to order by id limit 1000) as batch;
    exit when batch_end is null;
    update orders set total_cents = round(total * 100)
      where id > done_up_to and id <= batch_end and total_cents is null;
    commit;
    perform pg_sleep(0.005);
    done_up_to := batch_end;
  end loop;
end
$$;
`
};
const index = {
	file: "0003_index_orders_total_cents.sql",
	text: `-- shiplock: no-transaction
create index concurrently orders_total_cents_idx on orders (total_cents);
`
};
const check = {
	file: "0004_check_orders_total_cents.sql",
	text: `-- shiplock: no-transaction
-- First for new rows only, which is quick; then the old rows are read while everybody goes on working.
alter table orders add constraint orders_total_cents_present check (total_cents is not null) not valid;
alter table orders validate constraint orders_total_cents_present;
`
};
const notNull = {
	file: "0005_require_orders_total_cents.sql",
	text: `-- The validated check proves it, so that no row is read again.
alter table orders alter column total_cents set not null;
alter table orders drop constraint orders_total_cents_present;
`
};
const contract = {
	file: "0006_drop_orders_total.sql",
	text: `-- Only version 1 knew this column.
drop trigger orders_sync_total on orders;
drop function orders_sync_total();
alter table orders drop column total;
`
};
/** The release's migrations by phase; with `dropEarly` the old column goes while version 1 still reads it. */
function demoMigrations({ dropEarly }) {
	const pre = [
		expand,
		backfill,
		index,
		check
	];
	return dropEarly ? {
		pre: [...pre, contract],
		post: [notNull]
	} : {
		pre,
		post: [notNull, contract]
	};
}
// src/demo/shop.ts
/** Customers for so many orders. */
function customersFor(orders) {
	return Math.max(10, Math.round(orders / 10));
}
/** The shop as version 1 left it: tables, then rows. */
function shopBefore(orders) {
	const customers = customersFor(orders);
	return [
		{ text: `create table customers (id bigint generated by default as identity primary key, name text not null, orders_placed int not null default 0);
        create table orders (
          id bigint generated by default as identity primary key,
          customer_id bigint not null references customers,
          status text not null default 'new',
          total numeric(12, 2) not null,
          placed_at timestamptz not null default now()
        )` },
		{ text: `insert into customers (name) select 'Customer ' || n from generate_series(1, ${customers}) as n` },
		{ text: `insert into orders (customer_id, status, total, placed_at)
        select 1 + n % ${customers}, (array['new', 'paid', 'shipped'])[1 + n % 3], (n::bigint * 7919 % 100000) / 100.0, now() - n * interval '1 minute'
        from generate_series(1, ${orders}) as n` },
		{ text: "create index orders_customer_id_idx on orders (customer_id, id)" },
		{ text: "analyze customers, orders" }
	];
}
/** Rows in which the old and the new column say different things: one would be a lost write. */
const unequalRows = { text: "select count(*)::int as unequal from orders where total_cents is distinct from round(total * 100)" };
/** The project of version 2, as a team would have it in its repository. */
function projectFiles({ dropEarly, binDir }) {
	const { pre, post } = demoMigrations({ dropEarly });
	return new Map([
		["shiplock.yml", `${configuration}${binDir === void 0 ? "" : `pg-bin-dir: ${JSON.stringify(binDir)}\n`}`],
		...pre.map((migration) => inFolder("db/migrations", migration)),
		...post.map((migration) => inFolder("db/post_migrations", migration)),
		...smokeQueries.map((query) => inFolder("db/smoke", query))
	]);
}
const configuration = `project: shop
environment: demo
release: v2
migrations:
  layout: plain
  pre: db/migrations
  post: db/post_migrations
drill:
  smoke: db/smoke
`;
const smokeQueries = [
	{
		file: "newest_orders.sql",
		text: "-- expect: rows = 20\nselect id, customer_id, status, total_cents from orders order by id desc limit 20;\n"
	},
	{
		file: "best_customers.sql",
		text: `-- expect: rows > 0
select c.id, c.name, sum(o.total_cents) as total_cents
  from customers c join orders o on o.customer_id = c.id
  group by c.id order by total_cents desc limit 10;
`
	},
	{
		file: "orders_without_total.sql",
		text: "-- expect: value = 0\nselect count(*) from orders where total_cents is null;\n"
	}
];
function inFolder(folder, { file, text }) {
	return [`${folder}/${file}`, text];
}
// src/demo/step.ts
const heartbeatMs = 3e3;
const signs = {
	passed: "✔",
	failed: "✖",
	stopped: "?"
};
/** Runs a step, says how it goes, and takes down what the application did meanwhile. */
async function takeStep({ id, command, run }, traffic, { time, signal, say }) {
	say("");
	say(`${command.startsWith("shiplock ") ? "$ " : ""}${command}`);
	const [startedAt, started] = [time.now(), time.monotonic()];
	const over = new AbortController();
	const beating = beat(traffic, time, AbortSignal.any([signal, over.signal]), say);
	try {
		const ending = await run();
		const ms = time.monotonic() - started;
		const state = signal.aborted ? "stopped" : ending.passed ? "passed" : "failed";
		const reason = signal.aborted ? "Stopped by a signal." : ending.reason;
		const tally = traffic.cut();
		say(`  ${signs[state]} ${formatDuration(ms)}${reason === "" ? "" : `: ${reason}`}`);
		say(`    ${tallyLine(tally)}`);
		return {
			id,
			command,
			startedAt,
			ms,
			state,
			reason,
			tally
		};
	} finally {
		over.abort();
		await beating;
	}
}
/** What a command concluded, in one sentence. */
function endingOf({ exitCode, result, said }) {
	const last = result?.commands.at(-1);
	if (exitCode === 0 && result?.verdict === "pass") return {
		passed: true,
		reason: last?.reason ?? ""
	};
	return {
		passed: false,
		reason: [last?.reason, last?.error?.message].filter((text, index, all) => text && all.indexOf(text) === index).join(" ") || said.trim().split("\n").at(-1) || `It ended with ${exitCode ?? "a signal"} and said nothing.`
	};
}
async function beat(traffic, time, over, say) {
	for (let seconds = 0;;) {
		const before = traffic.now.queries;
		await time.sleep(heartbeatMs, over);
		if (over.aborted) return;
		seconds += heartbeatMs / 1e3;
		const { queries, failed } = traffic.now;
		const rate = Math.round((queries - before) / (heartbeatMs / 1e3));
		say(`  … ${seconds} s: ${countQueries(rate)} a second, ${formatCount(failed)} failed`);
	}
}
// src/demo/workers.ts
const longestPauseMs = 8;
/** Starts a worker. A failing query is counted and the worker goes on, as a web server would; without its connection it ends. */
async function startWorker(version, prepared, workplace) {
	const { stage, time, signal } = workplace;
	const session = await stage.connect(`shop ${version.name}`);
	const stopping = new AbortController();
	const either = AbortSignal.any([signal, stopping.signal]);
	const done = work();
	async function work() {
		for (let turn = 0; !either.aborted; turn++) {
			if (!await carryOut(turn, {
				version,
				prepared,
				session,
				workplace
			})) return;
			await time.sleep(Math.random() * longestPauseMs, either);
		}
	}
	return {
		version,
		prepared,
		async stop() {
			stopping.abort();
			await done;
			await session[Symbol.asyncDispose]();
		}
	};
}
/** Replaces each worker by one of another version, one after the other; the old one goes when the new one is there. */
async function replaceWorkers(old, version, pauseMs, workplace) {
	const fresh = [];
	for (const worker of old) {
		if (workplace.signal.aborted) break;
		fresh.push(await startWorker(version, worker.prepared, workplace));
		await worker.stop();
		await workplace.time.sleep(pauseMs, workplace.signal);
	}
	return fresh;
}
/** One operation. Returns whether the connection can be used for the next. */
async function carryOut(turn, { version, prepared, session, workplace }) {
	const number = turn % version.operations.length;
	const { what, statements } = version.operations[number];
	const picked = pick(version, workplace.rows);
	const inTransaction = statements.length > 1;
	const asked = statements.map(({ text, values }, index) => ({
		statement: prepared ? {
			name: `${number}.${index}`,
			text
		} : { text },
		values: values.map((name) => picked[name])
	}));
	const all = inTransaction ? [
		{
			statement: begin,
			values: []
		},
		...asked,
		{
			statement: commit,
			values: []
		}
	] : asked;
	for (const { statement, values } of all) {
		const outcome = await ask(statement, values, what, {
			version,
			session,
			workplace
		});
		if (outcome === "lost") return false;
		if (outcome === "failed") return !inTransaction || await ask(rollback, [], what, {
			version,
			session,
			workplace
		}) === "done";
	}
	return true;
}
const [begin, commit, rollback] = [
	"begin",
	"commit",
	"rollback"
].map((text) => ({ text }));
async function ask(statement, values, what, { version, session, workplace: { time, traffic, signal } }) {
	const started = time.monotonic();
	const record = (error) => traffic.record({
		version: version.name,
		what,
		ms: time.monotonic() - started,
		...error === void 0 ? {} : { error }
	});
	try {
		await session.query(statement, values);
		record();
		return "done";
	} catch (error) {
		if (signal.aborted) return "lost";
		const code = systemCode(error);
		const sqlstate = code !== void 0 && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : void 0;
		record({
			message: messageOf(error),
			sqlstate
		});
		return sqlstate === void 0 || /^(?:08|57P)/.test(sqlstate) ? "lost" : "failed";
	}
}
function pick(version, rows) {
	return {
		order: below(rows),
		customer: below(customersFor(rows)),
		amount: version.amount(below(1e5))
	};
}
/** A whole number from 1 to this one. */
function below(most) {
	return 1 + Math.floor(Math.random() * most);
}
// src/demo/rehearsal.ts
/** Each second worker prepares its statements once, as many drivers and pools do. */
const crew = [
	true,
	false,
	true,
	false
];
const quietMs = 1500;
const buildMs = 1e3;
const betweenWorkersMs = 400;
/** Opens the shop and takes the release through its steps while the shop is busy; stops at the first that does not pass. */
async function rehearse(scene) {
	const { stage, time, signal, rows, say } = scene;
	const traffic = new Traffic();
	const workplace = {
		stage,
		time,
		traffic,
		signal,
		rows
	};
	await openShop(scene);
	const shop = { workers: await Promise.all(crew.map((prepared) => startWorker(version1, prepared, workplace))) };
	say(`${crew.length} workers of version 1 are busy, ${crew.filter(Boolean).length} of them with prepared statements`);
	const spans = [];
	try {
		for (const step of stepsOf(scene, shop, workplace)) {
			const span = await takeStep(step, traffic, scene);
			spans.push(span);
			if (span.state !== "passed") break;
		}
	} finally {
		await closeShop(shop);
	}
	return spans;
}
/** What the break shows is over as soon as version 1 is gone, so that its rehearsal ends with the deploy. */
function stepsOf(scene, shop, workplace) {
	const { stage, time, signal, dropEarly } = scene;
	const shiplock = (id, ...args) => ({
		id,
		command: `shiplock ${args.join(" ")}`,
		run: async () => endingOf(await stage.shiplock(args))
	});
	const before = [
		{
			id: "before",
			command: "version 1 alone",
			run: () => wait(time, signal)
		},
		shiplock("plan", "plan"),
		shiplock("backup", "backup"),
		shiplock("migrate-pre", "migrate", "--phase", "pre"),
		{
			id: "deploy",
			command: "your own deploy command",
			run: () => deploy(scene, shop, workplace)
		}
	];
	const rest = [
		shiplock("record-deployed", "record", "deployed"),
		{
			id: "columns-equal",
			command: "compare both columns",
			run: () => compareColumns(stage)
		},
		shiplock("migrate-post", "migrate", "--phase", "post"),
		shiplock("backup-after", "backup"),
		shiplock("restore-drill", "restore-drill")
	];
	const after = {
		id: "after",
		command: "version 2 alone",
		run: () => wait(time, signal).finally(() => closeShop(shop))
	};
	return [
		...before,
		...dropEarly ? [] : rest,
		after
	];
}
async function openShop({ stage, rows, dropEarly, binDir, say }) {
	try {
		var _usingCtx$1 = _usingCtx();
		await stage.writeFiles(projectFiles({
			dropEarly,
			binDir
		}));
		say(`filling the shop with ${plural(rows, "order")}`);
		const session = _usingCtx$1.a(await stage.connect("shop set-up"));
		for (const statement of shopBefore(rows)) await session.query(statement);
	} catch (_) {
		_usingCtx$1.e = _;
	} finally {
		await _usingCtx$1.d();
	}
}
async function closeShop({ workers }) {
	await Promise.all(workers.map((worker) => worker.stop()));
}
async function wait(time, signal) {
	await time.sleep(quietMs, signal);
	return {
		passed: true,
		reason: ""
	};
}
/** What a team's deploy does: servers of the old version are replaced while the others go on. */
async function deploy({ time, signal, dropEarly, warn }, shop, workplace) {
	await time.sleep(buildMs, signal);
	const { firstFailed } = workplace.traffic.now;
	if (dropEarly && firstFailed !== void 0) warn(`version 1 fails while it is still live: ${describeError(firstFailed)}`);
	const old = shop.workers;
	shop.workers = await replaceWorkers(old, version2, betweenWorkersMs, workplace);
	return {
		passed: true,
		reason: `${plural(old.length, "worker")} of version 1 replaced by version 2, one after the other.`
	};
}
/** Both versions wrote to their own column; a row in which these differ is a lost write. */
async function compareColumns(stage) {
	try {
		var _usingCtx3 = _usingCtx();
		const [row] = await _usingCtx3.a(await stage.connect("shop comparison")).query(unequalRows);
		const unequal = Number(row?.unequal);
		return unequal === 0 ? {
			passed: true,
			reason: "Both columns say the same in every row."
		} : {
			passed: false,
			reason: `The columns differ in ${plural(unequal, "row")}: writes of one version were lost.`
		};
	} catch (_) {
		_usingCtx3.e = _;
	} finally {
		await _usingCtx3.d();
	}
}
// src/commands/demo.ts
var demo_default = defineCommand({
	summary: "A whole release on this machine: a shop in two versions, busy all the time. Leaves nothing behind.",
	inputs: [
		"break",
		"rows",
		"pg-bin-dir",
		"install-tools"
	],
	outputs: {},
	terminalOnly: true,
	async run(inputs, context) {
		const { log, clock: time, signal } = context;
		const { rows, "pg-bin-dir": binDir } = inputs;
		const dropEarly = inputs.break === "drop-early";
		for (const line of introduction(rows, dropEarly)) log.info(line);
		const stage = await context.makeStage({
			binDir,
			install: inputs["install-tools"]
		});
		log.info(`PostgreSQL ${stage.serverVersion} runs for it in a temporary folder`);
		const spans = await rehearse({
			stage,
			time,
			signal,
			rows,
			dropEarly,
			binDir,
			say: (line) => log.info(line),
			warn: (line) => log.warn(line)
		}).finally(() => stage[Symbol.asyncDispose]());
		const remains = await stage.remains();
		return conclude(spans, {
			serverVersion: stage.serverVersion,
			rows,
			dropEarly,
			interrupted: signal.aborted,
			remains
		});
	}
});
function introduction(rows, dropEarly) {
	return [
		`A small shop with ${plural(rows, "order")} goes from version 1 to version 2 while it is open, on a server of its own.`,
		dropEarly ? "Version 2 replaces a column. Here it is dropped BEFORE the deploy, which the two phases exist to prevent." : "Version 2 replaces a column: added before the deploy, filled in batches, and the old one dropped when no old code is left.",
		"Lines with a $ are the real commands, run as you would type them. In the end all of it is removed."
	];
}
export { demo_default as default };
