/** Whether colour is wanted: by the environment, else by where the text goes. */

/** Colour by https://no-color.org and FORCE_COLOR, else where a terminal is. */
export const wantsColor = (
  variables: Readonly<Record<string, string | undefined>>,
  terminal: boolean,
): boolean => {
  if (variables.NO_COLOR) return false;
  if (variables.FORCE_COLOR !== undefined) return variables.FORCE_COLOR !== "0";
  return terminal && variables.TERM !== "dumb";
};
