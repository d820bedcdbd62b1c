/** Mounts what chat platforms bring: raw bytes in, an answer out; they check their own signatures. */
import type { FastifyInstance } from "fastify";
import type { RawRequest, Route } from "../application/ports.ts";

/** A form that carries a whole view, URL-encoded, is larger than anything an agent sends. */
const RAW_BODY_LIMIT = 1024 * 1024;

export function mountRaw(app: FastifyInstance, route: Route): void {
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: RAW_BODY_LIMIT,
    async handler(request, reply) {
      const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
      const answer = await route.handle({ headers: once(request.headers), body });
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    },
  });
}

/** Only cookies come as lists, and no platform sends any. */
function once(headers: Readonly<Record<string, string | string[] | undefined>>): RawRequest["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}
