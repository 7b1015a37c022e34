export { t as run, n as secretsOf } from "./run.js";
