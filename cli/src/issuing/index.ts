export { createIssueCommand, type IssueCommandOptions, type IssuingPlace } from "../commands/issue.js";
export type { Connection } from "../options/connection.js";
export { checkRows } from "./check-rows.js";
export { type IssueRowsOptions, issueRows } from "./issue-rows.js";
export { type ParsedRow, parseProductRow, type RowProblem } from "./parse-product-row.js";
export { type ProductRow, readProductRows, setField } from "./read-product-rows.js";
export type { RowOutcome, RowsOptions, RowsOutcome } from "./row-outcomes.js";
