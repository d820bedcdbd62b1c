/** Opens connections only to addresses that were checked a moment before, so that a name cannot change its mind in between. */
import { lookup as resolveBySystem } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import { type AllowList, allowsAddress, isLocalhost, LOOPBACK_ADDRESSES } from "./allow-list.ts";
import { addressRefusal, bareHost, literalRefusal } from "./destination.ts";

/** All addresses of a host name; rejects, or gives none, if it has none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Thrown instead of connecting; the message is a sentence for whoever looks after the callback. */
export class RefusedDestination extends Error {
  override readonly name = "RefusedDestination";
}

export interface PinnedAgentOptions {
  readonly allow: AllowList;
  /** The operating system's resolver, with its hosts file, unless given. */
  readonly resolve?: Resolve;
  /** Longest time for the connection to stand, TLS included. */
  readonly timeoutMs: number;
}

/**
 * An undici agent that resolves, checks and connects afresh for every request. A kept connection would be quicker, but would
 * outlive a change of the allow list or of DNS, and break when its other end has tired of waiting.
 */
export function createPinnedAgent(options: PinnedAgentOptions): Agent {
  const { allow, resolve, timeoutMs } = options;
  const connect = buildConnector({
    lookup: pinnedLookup(allow, resolve),
    timeout: timeoutMs,
    // Said out loud, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch it off.
    rejectUnauthorized: true,
    allowH2: false,
  });
  return new Agent({
    // In undici's words: no keep-alive.
    pipelining: 0,
    connect(target, callback) {
      // A host that is an IP address never reaches a lookup, so it is checked here.
      const refusal = literalRefusal(bareHost(target.hostname), allow);
      if (refusal === undefined) connect(target, callback);
      else callback(new RefusedDestination(`The callback URL points to ${refusal}`), null);
    },
  });
}

/**
 * A `lookup` for sockets: the addresses it hands out are those it has checked, and nothing is resolved after it. One address
 * that may not be called is enough to refuse the name, since which of them a socket takes is not ours to say.
 */
export function pinnedLookup(allow: AllowList, resolve: Resolve = resolveAll): LookupFunction {
  return (hostname, options, callback) => {
    checkedAddresses(hostname, allow, resolve).then(
      (addresses) => {
        const found = addresses
          .map((address) => ({ address, family: isIP(address) }))
          .filter(
            ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
          );
        const first = found[0];
        if (first === undefined) callback(unresolved(hostname), "", 0);
        else if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, "", 0),
    );
  };
}

async function checkedAddresses(
  hostname: string,
  allow: AllowList,
  resolve: Resolve,
): Promise<readonly string[]> {
  if (isLocalhost(hostname)) return loopback(hostname, allow);
  const addresses = await resolve(hostname);
  if (allow.names.has(hostname)) return addresses;
  for (const address of addresses) {
    const refusal = addressRefusal(address, allow);
    if (refusal !== undefined) throw new RefusedDestination(`${hostname} resolves to ${refusal}`);
  }
  return addresses;
}

/** Of the two loopback addresses those that are listed: listing 127.0.0.1 is enough for http://localhost to work. */
function loopback(hostname: string, allow: AllowList): readonly string[] {
  const listed = LOOPBACK_ADDRESSES.filter((address) => allowsAddress(allow, address));
  if (listed.length === 0) {
    throw new RefusedDestination(
      `${hostname} is this machine, which is not listed in HOLDPOINT_CALLBACK_ALLOW.`,
    );
  }
  return listed;
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  const found = await resolveBySystem(hostname, { all: true });
  return found.map(({ address }) => address);
}

function unresolved(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" });
}
