/** The least of a release: a decision that is durable, and a signed callback that says so. */
import { createHmac, randomBytes } from "node:crypto";
import { Agent, request } from "node:http";

/** As many as Holdpoint's worker has under way. */
const AT_ONCE = 32;

/** Tells a listener, once each, over connections that stay open; signed as Standard Webhooks has it. */
export function callbacksTo(url: string): (id: string, now: number) => void {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const secret = randomBytes(32);
  return (id, now) => {
    const timestamp = new Date(now).toISOString();
    const body = JSON.stringify({ type: "escalation.decided", timestamp, data: { id, status: "decided" } });
    const seconds = String(Math.floor(now / 1_000));
    const mac = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...{ "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": `v1,${mac}` },
    };
    const sent = request(url, { agent, method: "POST", headers }, (answer) => answer.resume());
    sent.on("error", () => {});
    sent.end(body);
  };
}
