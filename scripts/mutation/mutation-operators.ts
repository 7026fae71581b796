import { childOf, childrenOf, type Place, placeOf, type SyntaxNode, textOf } from "./syntax-tree.js";

/** One change of a source. */
export interface Edit extends Place {
  /** Kind of the fault that it seeds. */
  readonly operator: string;
  readonly replacement: string;
}

/** Source text of a place. */
export type Quote = (place: Place) => string;

type QuoteAny = (node: SyntaxNode | Place) => string;
type Operator = (node: SyntaxNode, quote: QuoteAny) => readonly Edit[];

/** What stands in for a binary operation, by its operator: each is a fault that a test should notice. */
const BINARY: Readonly<Record<string, { readonly operator: string; readonly others: readonly string[] }>> = {
  "<": { operator: "comparison", others: ["<=", ">="] },
  "<=": { operator: "comparison", others: ["<", ">"] },
  ">": { operator: "comparison", others: [">=", "<="] },
  ">=": { operator: "comparison", others: [">", "<"] },
  "==": { operator: "comparison", others: ["!="] },
  "!=": { operator: "comparison", others: ["=="] },
  "+": { operator: "arithmetic", others: ["-"] },
  "-": { operator: "arithmetic", others: ["+"] },
  "*": { operator: "arithmetic", others: ["/"] },
  "/": { operator: "arithmetic", others: ["*"] },
  "%": { operator: "arithmetic", others: ["*"] },
  "**": { operator: "arithmetic", others: ["*"] },
  "&": { operator: "bit", others: ["|"] },
  "|": { operator: "bit", others: ["&"] },
  "^": { operator: "bit", others: ["&"] },
  "<<": { operator: "bit", others: [">>"] },
  ">>": { operator: "bit", others: ["<<"] },
  "&&": { operator: "logical", others: ["||"] },
  "||": { operator: "logical", others: ["&&"] },
};

/** The same for the functions of assembly. */
const ASSEMBLY: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  shl: "shr",
  shr: "shl",
  and: "or",
  or: "and",
};

const STEPS: Readonly<Record<string, string>> = { "++": "--", "--": "++" };

const replace = (node: SyntaxNode, operator: string, replacement: string): Edit => ({
  ...placeOf(node),
  operator,
  replacement,
});

const replaceBinary: Operator = (node, quote) => {
  const left = childOf(node, "leftExpression");
  const right = childOf(node, "rightExpression");
  const rule = BINARY[textOf(node, "operator")];
  if (left === undefined || right === undefined || rule === undefined) return [];
  const others = rule.others.map((other) => replace(node, rule.operator, `(${quote(left)} ${other} ${quote(right)})`));
  if (rule.operator !== "logical") return others;
  return [...others, ...[left, right].map((side) => replace(node, "operand", `(${quote(side)})`))];
};

const replaceAssignment: Operator = (node, quote) => {
  const left = childOf(node, "leftHandSide");
  const right = childOf(node, "rightHandSide");
  const rule = BINARY[textOf(node, "operator").slice(0, -1)];
  if (left === undefined || right === undefined || rule === undefined) return [];
  return rule.others.map((other) => replace(node, rule.operator, `${quote(left)} ${other}= ${quote(right)}`));
};

const replaceUnary: Operator = (node, quote) => {
  const operand = childOf(node, "subExpression");
  const operator = textOf(node, "operator");
  if (operand === undefined) return [];
  if (operator === "!") return [replace(node, "logical", quote(operand))];
  if (operator === "~") return [replace(node, "bit", quote(operand))];
  const other = STEPS[operator];
  if (other === undefined) return [];
  return [replace(node, "arithmetic", node["prefix"] === true ? other + quote(operand) : quote(operand) + other)];
};

/** A condition whose negation another operator makes already. */
const isNegatedElsewhere = (condition: SyntaxNode): boolean => {
  const operator = textOf(condition, "operator");
  return operator === "!" || BINARY[operator]?.operator === "comparison";
};

const negate = (condition: SyntaxNode, quote: QuoteAny): readonly Edit[] =>
  isNegatedElsewhere(condition) ? [] : [replace(condition, "negation", `!(${quote(condition)})`)];

const isRevert = (node: SyntaxNode | undefined): boolean => {
  if (node?.nodeType === "RevertStatement") return true;
  const statements = node === undefined ? [] : childrenOf(node, "statements");
  return statements.length === 1 && isRevert(statements[0]);
};

const replaceIf: Operator = (node, quote) => {
  const condition = childOf(node, "condition");
  if (condition === undefined) return [];
  const isCheck = isRevert(childOf(node, "trueBody")) && childOf(node, "falseBody") === undefined;
  // That it never reverts is what dropping the `revert` makes; that it always does, whatever uses the function finds.
  if (isCheck) return negate(condition, quote);
  return [
    replace(condition, "condition", "true"),
    replace(condition, "condition", "false"),
    ...negate(condition, quote),
  ];
};

const replaceChoice: Operator = (node, quote) => {
  const condition = childOf(node, "condition");
  if (condition === undefined) return [];
  return [
    replace(condition, "condition", "true"),
    replace(condition, "condition", "false"),
    ...negate(condition, quote),
  ];
};

/** `true` would only be a loop that runs out of gas. */
const replaceLoop: Operator = (node) => {
  const condition = childOf(node, "condition");
  return condition === undefined ? [] : [replace(condition, "condition", "false")];
};

const numbersBeside = (node: SyntaxNode, quote: QuoteAny): readonly Edit[] => {
  const value = textOf(node, "value");
  const isZero = /^0+(x0+)?$/.test(value);
  const isOne = /^(0x0*|0*)1$/.test(value) && node["subdenomination"] === undefined;
  const others = isZero ? ["+ 1"] : ["+ 1", "- 1"];
  const edits = others.map((other) => replace(node, "constant", `(${quote(node)} ${other})`));
  return isZero || isOne ? edits : [...edits, replace(node, "constant", "0")];
};

const replaceLiteral: Operator = (node, quote) => {
  const kind = textOf(node, "kind");
  if (kind === "number") return numbersBeside(node, quote);
  if (kind === "bool") return [replace(node, "constant", quote(node) === "true" ? "false" : "true")];
  return kind === "string" && textOf(node, "value") !== "" ? [replace(node, "constant", '""')] : [];
};

const replaceAssemblyLiteral: Operator = (node) => {
  if (textOf(node, "kind") !== "number") return [];
  const value = BigInt(textOf(node, "value"));
  return [value + 1n, ...(value > 0n ? [value - 1n] : [])].map((other) => replace(node, "constant", String(other)));
};

const replaceAssemblyCall: Operator = (node, quote) => {
  const name = childOf(node, "functionName");
  const other = name === undefined ? undefined : ASSEMBLY[quote(name)];
  return name === undefined || other === undefined ? [] : [replace(name, "arithmetic", other)];
};

const typeOf = (node: SyntaxNode): unknown => {
  const descriptions = node["typeDescriptions"];
  return typeof descriptions === "object" && descriptions !== null && "typeString" in descriptions
    ? descriptions.typeString
    : undefined;
};

const swapArguments: Operator = (node, quote) => {
  const values = childrenOf(node, "arguments");
  return values.slice(1).flatMap((second, index) => {
    const first = values[index];
    if (first === undefined || typeOf(first) !== typeOf(second) || quote(first) === quote(second)) return [];
    const between = { start: placeOf(first).end, end: placeOf(second).start };
    const place = { start: placeOf(first).start, end: placeOf(second).end };
    return [{ ...place, operator: "swapped-arguments", replacement: quote(second) + quote(between) + quote(first) }];
  });
};

/** A statement ends before its semicolon; the last part of a loop's head has none. */
const drop =
  (operator: string): Operator =>
  (node, quote) => {
    const { start, end } = placeOf(node);
    const hasSemicolon = quote({ start: end, end: end + 1 }) === ";";
    return [{ start, end: hasSemicolon ? end + 1 : end, operator, replacement: hasSemicolon ? "{}" : "" }];
  };

const dropModifier: Operator = (node) =>
  node["kind"] === "modifierInvocation" ? [replace(node, "dropped-modifier", "")] : [];

const check: Operator = (node, quote) => [replace(node, "checked", quote(node).replace("unchecked", ""))];

/** Which faults are seeded at which kind of node. */
const OPERATORS: Readonly<Record<string, readonly Operator[]>> = {
  Assignment: [replaceAssignment],
  BinaryOperation: [replaceBinary],
  UnaryOperation: [replaceUnary],
  Conditional: [replaceChoice],
  IfStatement: [replaceIf],
  ForStatement: [replaceLoop],
  WhileStatement: [replaceLoop],
  Literal: [replaceLiteral],
  FunctionCall: [swapArguments],
  ExpressionStatement: [drop("dropped-statement")],
  EmitStatement: [drop("dropped-event")],
  RevertStatement: [drop("dropped-check")],
  Continue: [drop("dropped-statement")],
  Break: [drop("dropped-statement")],
  ModifierInvocation: [dropModifier],
  UncheckedBlock: [check],
  YulLiteral: [replaceAssemblyLiteral],
  YulFunctionCall: [replaceAssemblyCall],
};

/**
 * The faults that can be seeded at a node.
 *
 * @param node - a node of the syntax tree
 * @param quote - gives the source text of a place
 * @returns changes of the source, each a mutant
 */
export function mutationsOf(node: SyntaxNode, quote: Quote): readonly Edit[] {
  const quoteAny = (place: SyntaxNode | Place): string => quote("src" in place ? placeOf(place) : place);
  return (OPERATORS[node.nodeType] ?? []).flatMap((operator) => operator(node, quoteAny));
}
