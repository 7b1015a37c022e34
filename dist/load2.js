export { t as loadConfig } from "./load.js";
