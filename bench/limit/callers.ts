/** Who calls a limit server: the same checks as the real one, with everything already in memory. */
import { createHmac, createSecretKey, hash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import type { Credential } from "../load/job.ts";

const BEARER = /^Bearer +(hp_[a-z0-9-]{1,63}_[A-Za-z0-9_-]{43})$/i;
const TOLERANCE_S = 300;

export interface Callers {
  /** The agent that holds the key; found by its SHA-256. */
  byKey(headers: IncomingHttpHeaders): string | undefined;
  /** Whether the agent signed these bytes, not long ago (Standard Webhooks). */
  signed(agent: string, headers: IncomingHttpHeaders, raw: Buffer): boolean;
}

export function readCallers(file: string): Callers {
  const credentials = JSON.parse(readFileSync(file, "utf8")) as readonly Credential[];
  const byHash = new Map(credentials.map(({ agent, key }) => [hash("sha256", key, "hex"), agent]));
  const secrets = new Map(
    credentials.map(({ agent, signingSecret }) => [
      agent,
      createSecretKey(Buffer.from(signingSecret.slice("whsec_".length), "base64")),
    ]),
  );
  return {
    byKey({ authorization = "" }) {
      const [, key] = BEARER.exec(authorization) ?? [];
      return key && byHash.get(hash("sha256", key, "hex"));
    },
    signed(agent, headers, raw) {
      const secret = secrets.get(agent);
      const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature } = headers;
      if (!secret || typeof id !== "string" || typeof timestamp !== "string" || typeof signature !== "string")
        return false;
      if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE_S)) return false;
      const mac = createHmac("sha256", secret).update(`${id}.${timestamp}.`).update(raw).digest("base64");
      const [expected, given] = [Buffer.from(`v1,${mac}`), Buffer.from(signature)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}
