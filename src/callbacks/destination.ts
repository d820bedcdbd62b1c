/** Says which addresses a callback may be sent to: public ones over https, and what the operator lists. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { type AllowList, allowsAddress, isLocalhost, LOOPBACK_ADDRESSES } from "./allow-list.ts";

const MAX_URL_LENGTH = 3000;

/** A URL's `port` is empty for 443 over https. */
const HTTPS_PORTS: readonly string[] = ["", "8443"];

/** All IPv6 addresses handed out to the public so far (IANA); the rest of the space leads nowhere good. */
const GLOBAL_UNICAST_V6: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

/** ipaddr.js's names for what is not public, as words. */
const RANGE_WORDS: ReadonlyMap<string, string> = new Map([
  ["unspecified", "an unspecified address"],
  ["broadcast", "the broadcast address"],
  ["multicast", "a multicast address"],
  ["linkLocal", "a link-local address (where cloud metadata lives)"],
  ["loopback", "a loopback address"],
  ["carrierGradeNat", "a carrier-grade NAT address"],
  ["private", "a private address"],
  ["uniqueLocal", "a private address (unique local)"],
  ["deprecatedSiteLocal", "a private address (site-local)"],
  ["ipv4Mapped", "an IPv4-mapped address"],
  ["rfc6145", "an IPv4-translated address"],
  ["rfc6052", "a NAT64 address"],
  ["6to4", "a 6to4 address"],
  ["teredo", "a Teredo address"],
]);

export type UrlCheck =
  | { readonly ok: true; readonly url: URL }
  | { readonly ok: false /** A sentence for whoever builds the agent. */; readonly why: string };

/**
 * Whether a callback URL may be accepted, without asking the network. A name can resolve to anything, and to something else
 * tomorrow, so a yes is not the last word: the addresses are checked again at every connection.
 */
export function checkCallbackUrl(text: string, options: { readonly allow: AllowList }): UrlCheck {
  if (text.length > MAX_URL_LENGTH) return no(`It is longer than ${MAX_URL_LENGTH} characters.`);
  // The URL standard drops tabs and line ends and turns \ into /: what a person reads would not be what we call.
  if (/[\s\p{Cc}\\]/u.test(text)) return no("It has a space, a control character or a backslash in it.");
  if (!/^https?:\/\/[^/?#]/i.test(text)) return no("It must be a full URL that starts with https://.");
  if (/^[^:]+:\/\/[^/?#]*@/.test(text)) {
    return no("It has a user name or password in it: callbacks are signed instead, leave those out.");
  }
  const url = URL.parse(text);
  if (url === null) return no("It is not a valid URL.");

  // From here on only what the parser made of it counts: it has turned 2130706433, 0x7f.1, 127.0.0.1. and full-width
  // digits into the address they mean, and names of other scripts into punycode.
  const host = bareHost(url.hostname);
  if (host.endsWith(".")) return no("Its host name ends in a dot: leave the dot out.");
  if (isListed(host, options.allow)) return { ok: true, url };
  const refusal = isLocalhost(host)
    ? notPublic(host, "a loopback address")
    : literalRefusal(host, options.allow);
  if (refusal !== undefined) return no(`It points to ${refusal}`);
  if (url.protocol !== "https:") {
    return no(
      `It must use https: plain http is only for hosts listed in HOLDPOINT_CALLBACK_ALLOW, and ${host} is not.`,
    );
  }
  if (!HTTPS_PORTS.includes(url.port)) {
    return no(`It must use port 443 or 8443: others are only for hosts listed in HOLDPOINT_CALLBACK_ALLOW.`);
  }
  return { ok: true, url };
}

/** Why an IP address may not be called, as the end of a sentence ("It points to …"); `undefined` if it may. */
export function addressRefusal(address: string, allow: AllowList): string | undefined {
  if (isIP(address) === 0) return `${address}, which is not an IP address.`;
  if (allowsAddress(allow, address)) return undefined;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range !== "unicast") return notPublic(address, RANGE_WORDS.get(range) ?? "a reserved address");
  // ipaddr.js calls ::7f00:1 (IPv4-compatible, long deprecated) and all unassigned space unicast.
  if (parsed.kind() === "ipv6" && !parsed.match(...GLOBAL_UNICAST_V6))
    return notPublic(address, "a reserved address");
  return undefined;
}

/** As `addressRefusal`, for a host that may also be a name: a name is judged by what it resolves to, later. */
export function literalRefusal(host: string, allow: AllowList): string | undefined {
  return isIP(host) === 0 ? undefined : addressRefusal(host, allow);
}

/** A URL's host without the brackets of IPv6. */
export function bareHost(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}

/** Whether the operator named this host itself, and so also vouches for http and for any port. */
function isListed(host: string, allow: AllowList): boolean {
  if (isIP(host) !== 0) return allowsAddress(allow, host);
  if (isLocalhost(host)) return LOOPBACK_ADDRESSES.some((address) => allowsAddress(allow, address));
  return allow.names.has(host);
}

function notPublic(host: string, kind: string): string {
  return `${host}, ${kind}: callbacks go to public addresses and to those listed in HOLDPOINT_CALLBACK_ALLOW.`;
}

function no(why: string): UrlCheck {
  return { ok: false, why };
}
