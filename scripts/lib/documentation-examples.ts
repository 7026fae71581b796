/** A TypeScript block of the documentation. */
export interface DocumentationExample {
  /** Path of the Markdown file in the project. */
  readonly source: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
}

/**
 * Finds the TypeScript blocks of a Markdown file. Each is a module of its own, as a reader would paste it.
 *
 * @param markdown - the text of the file
 * @param options - path of the file in the project
 * @returns the blocks, in their order
 */
export function documentationExamples(
  markdown: string,
  { source }: { readonly source: string },
): readonly DocumentationExample[] {
  return [...markdown.matchAll(/^```ts\r?\n(.*?)^```/gms)].map(({ 1: code = "", index }) => ({
    source,
    line: markdown.slice(0, index).split("\n").length + 1,
    code,
  }));
}
