/** Opens connections only to addresses that were checked a moment before, so that a name cannot change its mind in between. */
import { lookup as resolveBySystem } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { buildConnector, type Dispatcher, errors, Pool } from "undici";
import { type AllowList, allowsAddress, isLocalhost, LOOPBACK_ADDRESSES } from "./allow-list.ts";
import { addressRefusal, bareHost, literalRefusal } from "./destination.ts";

/** Milliseconds that a connection waits for the next callback of a burst: less than any server waits for one. */
const KEPT_FOR = 1_000;

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
  /** Longest time for a request as a whole; its signal sees to it. */
  readonly timeoutMs: number;
}

/** What undici sends; `signal` ends the request, from the name lookup on. */
type Sent = Pick<Dispatcher.RequestOptions, "method" | "headers" | "body"> & { readonly signal: AbortSignal };

export interface PinnedAgent {
  /** As undici's own. @throws RefusedDestination when one of the host's addresses may not be called */
  request(url: URL, sent: Sent): Promise<Dispatcher.ResponseData>;
  /** Waits for what is under way; what comes later is refused. */
  close(): Promise<void>;
}

/**
 * Resolves and checks afresh for every request. A connection is kept for a moment, and taken again only by a request whose
 * own check has found the very addresses it was opened to: a change of DNS or of the list holds from the next request on.
 */
export function createPinnedAgent(options: PinnedAgentOptions): PinnedAgent {
  const { allow, resolve = resolveAll, timeoutMs } = options;
  /** By origin and addresses, those used last at the end. */
  const pools = new Map<string, { readonly pool: Pool; readonly usedAt: number }>();
  let closed = false;

  function poolTo({ origin }: URL, addresses: readonly string[]): Pool {
    const now = performance.now();
    for (const [key, { pool, usedAt }] of pools) {
      // From then on nothing of it is under way or kept.
      if (now - usedAt <= timeoutMs + KEPT_FOR) break;
      pools.delete(key);
      void pool.close();
    }
    const key = [origin, ...addresses.toSorted()].join(" ");
    const pool = pools.get(key)?.pool ?? newPool(origin, addresses, timeoutMs);
    pools.delete(key);
    pools.set(key, { pool, usedAt: now });
    return pool;
  }

  return {
    async request(url, sent) {
      const addresses = await unlessEnded(
        sent.signal,
        checkedAddresses(bareHost(url.hostname), allow, resolve),
      );
      if (closed) throw new errors.ClientClosedError();
      return poolTo(url, addresses).request({ ...sent, path: url.pathname + url.search });
    },
    async close() {
      closed = true;
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
      pools.clear();
    },
  };
}

/** One request at a time on each connection, and as many connections as there are requests at once. */
function newPool(origin: string, addresses: readonly string[], timeout: number): Pool {
  return new Pool(origin, {
    ...{ keepAliveTimeout: KEPT_FOR, keepAliveMaxTimeout: KEPT_FOR },
    connect: buildConnector({
      lookup: lookupAmong(addresses),
      timeout,
      // Said out loud, because NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch it off.
      rejectUnauthorized: true,
      allowH2: false,
    }),
  });
}

/** A `lookup` for sockets that hands out these addresses and resolves nothing. */
export function lookupAmong(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (hostname, { family: wanted, all: wantsAll }, callback) => {
    const found = all.filter(({ family }) => !wanted || wanted === family || wanted === `IPv${family}`);
    const first = found[0];
    if (first === undefined) callback(unresolved(hostname), "", 0);
    else if (wantsAll) callback(null, found);
    else callback(null, first.address, first.family);
  };
}

/** A resolver has no clock of its own, and takes as long as it likes. */
function unlessEnded<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

/**
 * One address that may not be called is enough to refuse the name, since which of them a socket takes is not ours to say.
 * A host that is an address stands for itself.
 */
async function checkedAddresses(
  hostname: string,
  allow: AllowList,
  resolve: Resolve,
): Promise<readonly string[]> {
  const literal = literalRefusal(hostname, allow);
  if (literal !== undefined) throw new RefusedDestination(`The callback URL points to ${literal}`);
  if (isIP(hostname) !== 0) return [hostname];
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
