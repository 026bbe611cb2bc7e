import '@rollbook/subgraph/production.ts';
import { defaultLimit } from '@rollbook/subgraph/admission.ts';
import { openLog } from '@rollbook/subgraph/log.ts';
import { integerSetting, setting } from '@rollbook/subgraph/settings.ts';
import { openGateway, subgraphNames, verifierOf } from './index.ts';

/*
 * The gateway as a process of its own. Environment: PORT, HOST (127.0.0.1), GATEWAY_SECRET (shared with the services),
 * STUDENT_URL, SCHEDULING_URL, GRADING_URL, ATTENDANCE_URL, ISSUER and JWKS_URL (whose sign-ins count), EXECUTOR (compiled or stock),
 * MAX_CONCURRENT (how many operations at once).
 */
const log = openLog(setting('LOG_LEVEL', 'info'));
const executor = setting('EXECUTOR', 'compiled');
if (executor !== 'compiled' && executor !== 'stock') throw new Error(`EXECUTOR is "compiled" or "stock", not "${executor}".`);
const gateway = await openGateway({
  sources: Object.fromEntries(subgraphNames.map((name) => [name, { url: setting(`${name.toUpperCase()}_URL`) }])) as never,
  verify: verifierOf({ issuer: setting('ISSUER'), keys: { jwksUrl: setting('JWKS_URL') } }),
  secret: setting('GATEWAY_SECRET'),
  log,
  port: integerSetting('PORT', 4000),
  host: setting('HOST', '127.0.0.1'),
  executor,
  maxConcurrent: integerSetting('MAX_CONCURRENT', defaultLimit),
});
log.info({ url: gateway.url }, 'ready');
const end = () => void gateway.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Started by another process of ours: it ends with that one, also when that one is killed.
process.once('disconnect', end);
if (process.send) process.send({ url: gateway.url });
