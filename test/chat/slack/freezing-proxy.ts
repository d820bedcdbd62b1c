/** Stands between the app and the workspace, and can fall silent: lines stay open, and nothing comes through any more. */
import { createServer } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface FreezingProxy {
  /** For the app, instead of the workspace's own. */
  readonly apiUrl: string;
  /** Silences the lines that are open now; later ones are passed on. */
  freeze(): void;
  close(): Promise<void>;
}

export async function startFreezingProxy(apiUrl: string): Promise<FreezingProxy> {
  const target = new URL(apiUrl);
  const lines = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(new URL(request.url ?? "/", target), {
      method: "POST",
      headers: {
        authorization: request.headers.authorization ?? "",
        "content-type": request.headers["content-type"] ?? "",
      },
      body: Buffer.concat(chunks),
    });
    // The address of a socket has to lead here as well.
    const body = (await answer.text()).replaceAll(`ws://${target.host}`, `ws://127.0.0.1:${port}`);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(body);
  });
  server.on("upgrade", (request, socket: Socket, head) => {
    const onward = connect(Number(target.port), target.hostname);
    const headers = request.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [`${name}: ${all[at + 1]}`] : [],
    );
    onward.write([`GET ${request.url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    for (const line of [socket, onward]) {
      lines.add(line);
      line.on("error", () => line.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    freeze() {
      for (const line of lines) line.unpipe().pause();
    },
    async close() {
      for (const line of lines) line.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
