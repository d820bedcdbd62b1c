/** The Web Crypto API: global everywhere but in Node 18, where it has to be fetched. */

type WebCrypto = typeof globalThis.crypto;

export async function webCrypto(): Promise<WebCrypto> {
  if (globalThis.crypto) return globalThis.crypto;
  // Not written out in the import: bundlers for browsers and edges would look for it.
  const name = "node:crypto";
  const { webcrypto } = (await import(name)) as { readonly webcrypto: WebCrypto };
  return webcrypto;
}
