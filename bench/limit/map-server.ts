/** The limit of reading: `GET /v1/state` from a Map of texts over bare node:http, with the same check of the key. */
import { readFileSync } from "node:fs";
import { readCallers } from "./callers.ts";
import { listen } from "./listen.ts";

const [credentials = "", states = ""] = process.argv.slice(2);
const callers = readCallers(credentials);
const texts = new Map(Object.entries(JSON.parse(readFileSync(states, "utf8")) as Record<string, string>));

listen((request, response) => {
  const agent = callers.byKey(request.headers);
  const text = agent === undefined || request.url !== "/v1/state" ? undefined : texts.get(agent);
  response.writeHead(text === undefined ? 401 : 200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": text === undefined ? 0 : Buffer.byteLength(text),
  });
  response.end(text);
});
