import type { Viewer } from '@rollbook/school';
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair, importPKCS8, importSPKI, SignJWT, type CryptoKey, type JWK } from 'jose';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const algorithm = 'ES256';
export const developmentIssuer = 'rollbook-development';

/** Signs people in on a development system, in place of the district's own identity provider. */
export interface DevelopmentIssuer {
  readonly publicKey: CryptoKey;
  readonly jwks: { keys: JWK[] };
  sign(viewer: Viewer, lifetime?: string): Promise<string>;
}

/** The issuer's key lives in the data directory, so that a token survives a restart. */
export async function openIssuer(dir: string): Promise<DevelopmentIssuer> {
  const file = join(dir, 'development-key.json');
  if (!existsSync(file)) {
    const pair = await generateKeyPair(algorithm, { extractable: true });
    const text = JSON.stringify({ private: await exportPKCS8(pair.privateKey), public: await exportSPKI(pair.publicKey) });
    writeFileSync(file, text, { mode: 0o600 });
  }
  const stored = JSON.parse(readFileSync(file, 'utf8')) as { private: string; public: string };
  const privateKey = await importPKCS8(stored.private, algorithm);
  const publicKey = await importSPKI(stored.public, algorithm, { extractable: true });
  return {
    publicKey,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: algorithm, use: 'sig', kid: 'development' }] },
    sign: ({ subject, grants, students }, lifetime = '12h') =>
      new SignJWT({ grants, students })
        .setProtectedHeader({ alg: algorithm, kid: 'development' })
        .setSubject(subject)
        .setIssuer(developmentIssuer)
        .setAudience('rollbook')
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(privateKey),
  };
}
