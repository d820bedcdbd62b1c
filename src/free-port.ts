/** Picks a free port before anything listens, because the links in cards name it from the first one on. */
import { createServer } from "node:net";

/** A port that was free a moment ago; the operating system does not hand it out again soon. */
export async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, host, resolve));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error(`no port of ${host} could be taken`);
  return address.port;
}
