/** How large a pipeline may be. Beyond these a file is refused with a code, before it can cost time or memory. */

export const limits = {
  /** UTF-16 units of the text: 4 MB. */
  textLength: 4 * 1024 * 1024,
  steps: 20_000,
  /** Levels of maps and lists inside each other. */
  depth: 64,
  /** Values that aliases may add by repeating what their anchors hold. */
  aliasedValues: 10_000,
  /** Tokens in one expression: bounds the depth of its tree too. */
  expressionTokens: 1_000,
  /** Problems of the YAML itself that are told; what comes after the first few is mostly their echo. */
  yamlProblems: 20,
  /** Diagnostics in all. */
  diagnostics: 1_000,
  /** Diagnostics that are given a suggestion; finding one compares with every known name. */
  suggestions: 100,
  /** Names compared for one suggestion. */
  suggestionCandidates: 2_000,
  /** Characters of the pipeline's name, which ends up in labels and tags. */
  nameLength: 40,
  /** Characters of a step's id. */
  identifierLength: 63,
} as const;
