/** Microsoft's keys and tokens, made here: what the service signs, what the bot gets for its secret, and every wrong kind of both. */
import { createSign, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";

export const ISSUER = "https://api.botframework.com";

export interface TokenWishes {
  readonly audience?: string;
  readonly issuer?: string;
  readonly serviceUrl?: string;
  /** Seconds from now until it expires; negative: it has. */
  readonly expiresIn?: number;
  readonly notBefore?: number;
  /** Signed with a key that nobody published, under a published name. */
  readonly foreignKey?: boolean;
  readonly keyId?: string;
  readonly algorithm?: "RS256" | "none" | "HS256";
}

export interface Tokens {
  /** What the bot's door is shown. */
  toBot(wishes?: TokenWishes): string;
  readonly jwks: { readonly keys: readonly object[] };
  /** For the bot's own calls. */
  issue(appId: string): {
    readonly access_token: string;
    readonly expires_in: number;
    readonly token_type: "Bearer";
  };
  /** Whether a call carries a token from here. */
  holds(authorization: string | undefined): boolean;
}

const KEY_ID = "loopback-key";

export function createTokens(appId: string, serviceUrl: () => string): Tokens {
  const ours = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issued = new Set<string>();
  const jwk = ours.publicKey.export({ format: "jwk" });
  return {
    jwks: { keys: [{ ...jwk, kid: KEY_ID, use: "sig", endorsements: ["msteams"] }] },
    toBot(wishes = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const { algorithm = "RS256", keyId = KEY_ID } = wishes;
      const claims = {
        iss: wishes.issuer ?? ISSUER,
        aud: wishes.audience ?? appId,
        serviceurl: wishes.serviceUrl ?? serviceUrl(),
        nbf: now + (wishes.notBefore ?? -60),
        exp: now + (wishes.expiresIn ?? 3_600),
      };
      const text = `${encoded({ alg: algorithm, typ: "JWT", kid: keyId })}.${encoded(claims)}`;
      if (algorithm === "none") return `${text}.e30`;
      return `${text}.${signed(text, wishes.foreignKey ? foreign.privateKey : ours.privateKey)}`;
    },
    issue() {
      const access_token = randomUUID();
      issued.add(access_token);
      return { access_token, expires_in: 3_600, token_type: "Bearer" };
    },
    holds: (authorization) => issued.has((authorization ?? "").replace(/^Bearer /, "")),
  };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signed(text: string, key: KeyObject): string {
  return createSign("RSA-SHA256").update(text).sign(key, "base64url");
}
