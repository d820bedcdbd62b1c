/** `holdpoint doctor`: whether this installation can do its work, line by line, before somebody depends on it. */
import { type Examined, examineAddresses } from "./application/examine-addresses.ts";
import { createPlatforms, platformLines } from "./chat/platforms.ts";
import type { Config } from "./config.ts";
import { openParts, silent, systemClock } from "./parts.ts";

export interface Diagnosis {
  readonly lines: readonly string[];
  readonly healthy: boolean;
}

/** Posts nothing and starts nothing; like every command that opens the store, it puts the charters of holdpoint.yaml in force. */
export async function diagnose(config: Config): Promise<Diagnosis> {
  const parts = await openParts(config, systemClock, silent);
  const { store, context, seal } = parts;
  const platforms = await createPlatforms(config, {
    ...{ seal, clock: systemClock, log: silent, publicUrl: context.publicUrl },
    ...{ notes: store.notes, paces: store.paces },
    // Nobody listens: these platforms are asked, never started.
    receive: async () => ({ kind: "refused", words: "This is an examination." }),
    lookBehind: async () => undefined,
  });
  try {
    const stored = await store.ping().then(
      () => null,
      (error: unknown) => `does not take writes: ${String(error)}`,
    );
    const audit = await parts.verifyAudit();
    const examined: readonly Examined[] = [
      { who: "Store", where: new URL(config.databaseUrl).protocol.slice(0, -1), trouble: stored },
      {
        who: "Audit trail",
        where: `${audit.lines} lines`,
        trouble: audit.whole ? null : `is broken at line ${audit.brokenAt}: restore the store from a backup`,
      },
      ...(await examineAddresses(context, platforms, config.operators)()),
    ];
    return {
      lines: [...platformLines(config, context.publicUrl), ...examined.map(lineOf)],
      healthy: examined.every(({ trouble }) => trouble === null),
    };
  } finally {
    await Promise.all(platforms.map((platform) => platform.close()));
    await parts.close();
  }
}

function lineOf({ who, where, trouble }: Examined): string {
  return trouble === null ? `ok       ${who} (${where})` : `TROUBLE  ${who} (${where}): ${trouble}`;
}
