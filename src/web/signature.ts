/** Keyed hashes for what the browser carries for us, and plain hashes for what we must recognise and not keep. */
import { createHmac, hash, type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits as 43 base64url characters. */
export function randomCode(): string {
  return randomBytes(32).toString("base64url");
}

export function sha256(text: string): string {
  return hash("sha256", text, "base64url");
}

/** `purpose` keeps a MAC made for one use from passing for another. */
export function mac(secret: KeyObject, purpose: string, text: string): string {
  return createHmac("sha256", secret).update(`${purpose}\n${text}`).digest("base64url");
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Text that a browser keeps for us and can't change: readable, so nothing secret goes in. */
export function sign(secret: KeyObject, purpose: string, text: string): string {
  const body = Buffer.from(text).toString("base64url");
  return `${body}.${mac(secret, purpose, body)}`;
}

/** What was signed; undefined when it was not signed by us for this purpose. */
export function unsign(secret: KeyObject, purpose: string, signed: string | undefined): string | undefined {
  const [body, signature, ...rest] = (signed ?? "").split(".");
  if (!body || !signature || rest.length > 0) return undefined;
  if (!sameText(signature, mac(secret, purpose, body))) return undefined;
  return Buffer.from(body, "base64url").toString();
}
