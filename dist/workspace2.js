export { n as makeWorkspace, r as sweepWorkspaces } from "./workspace.js";
