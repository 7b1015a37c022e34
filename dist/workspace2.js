export { r as makeWorkspace, i as sweepWorkspaces } from "./workspace.js";
