import type { Fact } from '@rollbook/events';

/** Facts this service tells. Each carries the whole present state of its aggregate. */
export interface SchoolChanged {
  readonly id: string;
  readonly districtId: string;
  readonly name: string;
  /** IANA name: what "today" means at the school. */
  readonly timeZone: string;
}

export const schoolChanged = (payload: SchoolChanged): Fact => ({ type: 'SchoolChanged', aggregate: payload.id, payload });
