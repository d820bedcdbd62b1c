/** A bare HTTP server whose handler gets the parsed body; copied beside each peer's script. */
import { createServer } from "node:http";

export function serve(handle) {
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      handle(JSON.parse(Buffer.concat(chunks).toString())).then(
        (id) => send(response, 202, { id, status: "open" }),
        (error) => send(response, 500, { error: String(error) }),
      );
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(`ready http://127.0.0.1:${server.address().port}`));
  process.once("SIGTERM", () => process.exit(0));
}

function send(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
