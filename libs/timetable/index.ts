export * from './school.ts';
export * from './rules/faultsOf.ts';
export * from './rules/concernsOf.ts';
export type { Fault } from './rules/laidOut.ts';
export * from './matrix.ts';
export * from './sectionCounts.ts';
export * from './random.ts';
export * from './indexed.ts';
export * from './student.ts';
