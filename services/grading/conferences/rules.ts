import { refuse } from '@rollbook/school';
import { isStorable } from '../saves/rules.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

interface Times {
  readonly beginsAt: Date;
  readonly endsAt: Date;
  readonly minutes: number;
  readonly breakMinutes?: number | null;
}

interface Span {
  readonly beginsAt: Date;
  readonly endsAt: Date;
}

/** The slots of a day, with breaks between them; the last one ends in time. Refuses SLOTS_INVALID. */
export function slotsOf({ beginsAt, endsAt, minutes, breakMinutes }: Times): Span[] {
  const pause = breakMinutes ?? 0;
  const invalid = (message: string) => refuse('SLOTS_INVALID', message);
  if (minutes < 5 || minutes > 120) invalid(`A slot has between 5 and 120 minutes, not ${minutes}.`);
  if (pause < 0 || pause > 120) invalid(`A break has between 0 and 120 minutes, not ${pause}.`);
  if (endsAt.getTime() - beginsAt.getTime() > dayMs) invalid('Slots are added for one day at a time.');
  const slots: Span[] = [];
  for (let at = beginsAt.getTime(); at + minutes * minuteMs <= endsAt.getTime(); at += (minutes + pause) * minuteMs)
    slots.push({ beginsAt: new Date(at), endsAt: new Date(at + minutes * minuteMs) });
  if (!slots.length) invalid(`Between ${beginsAt.toISOString()} and ${endsAt.toISOString()} there is no time for ${minutes} minutes.`);
  return slots;
}

/** A title or a place without the blanks around it. Refuses with the code when it is blank, too long or cannot be stored. */
export function textOf(text: string, longest: number, code: string): string {
  if (!text.trim() || text.length > longest || !isStorable(text))
    refuse(code, `This has between 1 and ${longest} characters, and none that cannot be stored.`);
  return text.trim();
}
