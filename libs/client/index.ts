export { createGraph, GraphError, type Answer, type Graph, type GraphOptions, type TypedOperation } from './graph.ts';
export { openOutbox, type CellState, type Listener, type Outbox, type OutboxOptions, type State, type Summary } from './outbox.ts';
export { browserStorage } from './browserStorage.ts';
export { keyOf, type Cell, type MarkCell, type PostCell, type RollCell, type ScoreCell, type ValueOf } from './cells.ts';
export { memoryStorage, type OutboxStorage } from './storage.ts';
export {
  markHistory,
  resolveConflict,
  resolveRollConflict,
  sectionConflicts,
  sectionRollConflicts,
  sectionRoster,
  teacherDay,
} from './operations.ts';
