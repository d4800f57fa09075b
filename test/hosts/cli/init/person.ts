/** A person at the terminal who answers in order, and what they were asked. */

export interface Person {
  readonly asked: readonly string[];
  readonly ask: (question: string) => Promise<string>;
}

/** One question more than there are answers is an error. */
export const person = (...answers: readonly string[]): Person => {
  const asked: string[] = [];
  return {
    asked,
    ask: async (question) => {
      const answer = answers[asked.push(question) - 1];
      if (answer === undefined) throw new Error(`nobody answers: ${question}`);
      return answer;
    },
  };
};
