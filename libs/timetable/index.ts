export * from './school.ts';
