export { t as contractsAt, n as contractsOfRelease } from "./config-release.js";
