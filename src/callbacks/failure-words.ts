/** Puts into words why an attempt had no answer, for the person who has to mend it. */
import { RefusedDestination } from "./pinned-agent.ts";

const WORDS: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "Nothing listens at the callback address (connection refused)."],
  ["ECONNRESET", "The receiver cut the connection."],
  ["EPIPE", "The receiver cut the connection."],
  ["UND_ERR_SOCKET", "The receiver closed the connection without an answer."],
  ["EHOSTUNREACH", "There is no route to the callback host."],
  ["ENETUNREACH", "There is no route to the callback host."],
  ["ENOTFOUND", "The callback host name does not resolve."],
  ["EAI_AGAIN", "The callback host name could not be resolved for now."],
  ["UND_ERR_HEADERS_OVERFLOW", "The receiver's answer has too many or too long headers."],
  ["UND_ERR_CLOSED", "Callbacks are shut down; the next start sends it."],
  ["UND_ERR_DESTROYED", "Callbacks are shut down; the next start sends it."],
  ["CERT_HAS_EXPIRED", "The receiver's TLS certificate has expired."],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "The receiver's TLS certificate is for another host name."],
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "The receiver's TLS certificate is self-signed: add its CA with NODE_EXTRA_CA_CERTS.",
  ],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "The receiver's TLS certificate is of an unknown CA: add it with NODE_EXTRA_CA_CERTS.",
  ],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "The receiver's TLS certificate comes without its intermediate certificates.",
  ],
  [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "The receiver's TLS certificate is of an unknown CA: add it with NODE_EXTRA_CA_CERTS.",
  ],
]);

const TIMEOUTS: ReadonlySet<string> = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT"]);

/** One sentence; of an error we do not know, its code and nothing the receiver wrote. */
export function failureWords(error: unknown, timeoutMs: number): string {
  if (error instanceof RefusedDestination) return error.message;
  const code = codeOf(error);
  const known = WORDS.get(code);
  if (known !== undefined) return known;
  if (TIMEOUTS.has(code) || (error instanceof Error && error.name === "TimeoutError")) {
    return `The receiver did not answer in full within ${timeoutMs / 1000} s.`;
  }
  if (code.startsWith("ERR_SSL_") || code === "EPROTO") return `TLS with the receiver failed (${code}).`;
  // undici gives this error a code only sometimes, but always the name.
  if (error instanceof Error && error.name === "HTTPParserError") return "The receiver's answer is not HTTP.";
  return `The callback could not be sent (${code}).`;
}

function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error && typeof error.code === "string")
    return error.code;
  return error instanceof Error ? error.name : "unknown";
}
