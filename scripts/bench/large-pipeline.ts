/** A pipeline of many steps: chains of ten, in which each step reads the one before. */

const chain = 10;

/** @param steps how many. */
export const largePipeline = (steps: number): string => {
  const lines = ["name: large", "steps:"];
  for (let index = 0; index < steps; index++) {
    const location = index % chain === 0 ? "westeurope" : `\${{ steps.s${index - 1}.outputs.location }}`;
    lines.push(
      `  s${index}:`,
      "    uses: azure/resource-group",
      `    with: { name: rg-${index}, location: "${location}" }`,
    );
  }
  return `${lines.join("\n")}\n`;
};
