/** The hosts, addresses and networks that an operator lets callbacks reach besides public addresses. */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Made by `parseAllowList`; an empty one means: public addresses only. */
export interface AllowList {
  /** Lower case, punycode, no trailing dot. The operator answers for whatever these resolve to. */
  readonly names: ReadonlySet<string>;
  readonly networks: readonly (readonly [network: Address, prefix: number])[];
}

/** What `localhost` means, whatever a resolver or a hosts file says (RFC 6761, section 6.3). */
export const LOOPBACK_ADDRESSES: readonly string[] = ["127.0.0.1", "::1"];

/**
 * Reads entries such as `127.0.0.1`, `10.20.0.0/16`, `fd00::/8`, `localhost` or `agents.internal`; blank ones are skipped.
 * Throws for an entry that would never match, so that a typo stops the start and not a callback at night.
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  const names = new Set<string>();
  const networks: [Address, number][] = [];
  for (const entry of entries.map((text) => text.trim()).filter((text) => text !== "")) {
    if (isLocalhost(entry.toLowerCase())) {
      networks.push(...LOOPBACK_ADDRESSES.map(wholeAddress));
    } else if (isIP(entry) !== 0) {
      networks.push(wholeAddress(entry));
    } else if (entry.includes("/")) {
      networks.push(parseNetwork(entry));
    } else {
      names.add(parseName(entry));
    }
  }
  return { names, networks };
}

/** Whether an IP address, as text, is in one of the networks. An IPv4-mapped address is not the IPv4 address. */
export function allowsAddress(allow: AllowList, address: string): boolean {
  const parsed = ipaddr.parse(address);
  return allow.networks.some(
    ([network, prefix]) => network.kind() === parsed.kind() && parsed.match(network, prefix),
  );
}

/** `localhost` and everything below it; expects lower case. */
export function isLocalhost(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost");
}

function wholeAddress(text: string): [Address, number] {
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function parseNetwork(entry: string): [Address, number] {
  // isIP first: ipaddr.js would read 010.0.0.0/8 as octal.
  if (isIP(entry.slice(0, entry.indexOf("/"))) === 0 || !ipaddr.isValidCIDR(entry)) throw unusable(entry);
  return ipaddr.parseCIDR(entry);
}

function parseName(entry: string): string {
  const name = /^[\p{L}\p{M}\p{N}._-]+$/u.test(entry) ? domainToASCII(entry) : "";
  if (name === "" || name.endsWith(".") || isIP(name) !== 0) throw unusable(entry);
  return name;
}

function unusable(entry: string): Error {
  return new Error(
    `HOLDPOINT_CALLBACK_ALLOW: "${entry}" is not usable. Give host names (agents.internal), IP addresses (127.0.0.1) or ` +
      "networks (10.20.0.0/16), without scheme, port or wildcard, separated by commas.",
  );
}
