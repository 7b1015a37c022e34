export { t as releaseNotesIn, n as renderTerminal } from "./terminal.js";
