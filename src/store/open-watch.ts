/** Opens what the auditor reads, on a connection of its own that cannot write. */
import type { Watch } from "../application/ports/watch.ts";
import { databasePath, IN_MEMORY } from "./open-store.ts";
import { watchIn } from "./watch.ts";

/** As what its connection is listed by a server. */
const AUDITING = "holdpoint auditor";

/** Of a database that only one connection can see, `here` is what there is. */
export async function openWatch(url: string, here: Watch): Promise<Watch> {
  if (/^postgres(ql)?:\/\//i.test(url)) {
    const { openPostgresReader } = await import("./postgres-reader.ts");
    const reader = openPostgresReader(url, AUDITING);
    return { ...watchIn(reader), close: reader.close };
  }
  const path = databasePath(url);
  if (path === IN_MEMORY) return here;
  const [{ createSqliteEngine }, { openToRead }] = await Promise.all([
    import("./sqlite-engine.ts"),
    import("./sqlite-file.ts"),
  ]);
  const engine = createSqliteEngine(openToRead(path));
  return { ...watchIn(engine), close: engine.close };
}
