/** What both limit servers share: listening, and saying so in the words that the bench waits for. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

export function listen(listener: RequestListener): void {
  const server = createServer({ keepAliveTimeout: 75_000 }, listener);
  server.listen(0, "127.0.0.1", () => {
    console.log(`The limit is ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  process.once("SIGTERM", () => process.exit(0));
}
