export { t as makeScratchCluster } from "./scratch.js";
