import { refuse } from '@rollbook/school';

export type Level = 'DISTRICT' | 'SCHOOL' | 'SECTION' | 'TEACHER';

interface Window {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

interface Place {
  readonly schoolId?: string | null;
  readonly sectionId?: string | null;
  readonly teacherId?: string | null;
}

/** Whom a window is for. */
export function levelOf({ schoolId, sectionId, teacherId }: Place): Level {
  if (sectionId) return 'SECTION';
  if (teacherId) return 'TEACHER';
  return schoolId ? 'SCHOOL' : 'DISTRICT';
}

export const isOpen = ({ opensAt, closesAt }: Window, now: Date): boolean => opensAt <= now && now < closesAt;

/**
 * Of the windows that apply to a section, the one to tell a teacher of: the open one that closes last, else the next to open,
 * else the one that closed last.
 */
export function windowToTell<W extends Window>(windows: readonly W[], now: Date): W | null {
  const latest = (some: readonly W[]) => some.toSorted((a, b) => b.closesAt.getTime() - a.closesAt.getTime())[0];
  const next = windows.filter(({ opensAt }) => opensAt > now).toSorted((a, b) => a.opensAt.getTime() - b.opensAt.getTime())[0];
  return latest(windows.filter((window) => isOpen(window, now))) ?? next ?? latest(windows) ?? null;
}

/** Refuses WINDOW_INVALID when a window would close before it opens. */
export function checkSpan({ opensAt, closesAt }: Window): void {
  if (closesAt <= opensAt)
    refuse('WINDOW_INVALID', `A window closes after it opens; ${closesAt.toISOString()} is not after ${opensAt.toISOString()}.`);
}

/** An extension gives time that is still to come, and more than there was. Refuses REASON_REQUIRED, NOT_AN_EXTENSION. */
export function checkExtension(closesAt: Date, before: Window | null, reason: string, now: Date): void {
  if (!reason.trim()) refuse('REASON_REQUIRED', 'Say why the window is extended; the reason is kept with it.');
  if (closesAt <= now) refuse('NOT_AN_EXTENSION', `${closesAt.toISOString()} has passed already; choose an instant that is still to come.`);
  if (before && closesAt <= before.closesAt)
    refuse(
      'NOT_AN_EXTENSION',
      `This window closes at ${before.closesAt.toISOString()} already, which is not before ${closesAt.toISOString()}.`,
      {
        closesAt: before.closesAt.toISOString(),
      },
    );
}
