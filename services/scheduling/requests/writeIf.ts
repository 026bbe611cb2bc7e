import type { Context, Transaction } from '@rollbook/subgraph';

/** Does the work in one transaction and answers what it did; unless the answer is to be kept, all of it is undone. */
export async function writeIf<Answer>(
  context: Context,
  isKept: (answer: Answer) => boolean,
  work: (tx: Transaction) => Promise<Answer>,
  reason: string,
): Promise<Answer> {
  let answer: Answer | undefined;
  const undone = new Error('undone');
  try {
    return await context.write(async (tx) => {
      answer = await work(tx);
      if (isKept(answer)) return answer;
      throw undone;
    }, reason);
  } catch (error) {
    if (error === undone) return answer!;
    throw error;
  }
}
