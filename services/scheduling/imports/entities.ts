import { defineEntity, p } from '@mikro-orm/core';

/** A session of another system that the other services know as a grading period; see gradingPeriods.ts. */
export const ToldGradingPeriod = defineEntity({
  name: 'ToldGradingPeriod',
  tableName: 'told_grading_period',
  properties: {
    sessionId: p.uuid().primary(),
  },
});
