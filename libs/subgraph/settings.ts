/** A setting from the environment; an error that names it when it is required and missing. */
export function setting(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined || value === '') throw new Error(`The environment variable ${name} must be set.`);
  return value;
}

export function integerSetting(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`The environment variable ${name} must be a whole number, not "${process.env[name]}".`);
  return value;
}
