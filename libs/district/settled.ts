import type { Subgraph } from '@rollbook/subgraph';

/** Waits until every service has applied all that the others have told so far. */
export async function untilSettled(subgraphs: readonly Subgraph[], withinMs = 120_000): Promise<void> {
  const signal = new AbortController().signal;
  const until = Date.now() + withinMs;
  for (;;) {
    const behind = [];
    for (const listener of subgraphs)
      for (const [source, { position, trouble }] of Object.entries(listener.following())) {
        const teller = subgraphs.find((subgraph) => subgraph.name === source)!;
        if ((await teller.feed(position, 0, signal)).length)
          behind.push(`${listener.name} after ${source} ${position}${trouble ? ` (${trouble})` : ''}`);
      }
    if (!behind.length) return;
    if (Date.now() > until) throw new Error(`Events are not applied everywhere yet: ${behind.join(', ')}.`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
