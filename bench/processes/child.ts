/** A helper process of the bench that is spoken to by messages. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nodeOn, type Role } from "./cores.ts";

export type Child = ChildProcess;

/** It ends with the bench: its channel closes then. */
export function startChild(role: Role, script: URL, args: readonly string[]): Child {
  const [command, all] = nodeOn(role, [fileURLToPath(script), ...args]);
  return spawn(command, all, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

/** Sends a message and waits for its answer. @throws what the child says went wrong, and when it ends instead. */
export function ask<Answer extends object>(child: Child, message: object): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const ended = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`));
  const answered = (answer: Answer | { readonly error: string }) =>
    "error" in answer ? reject(new Error(answer.error)) : resolve(answer);
  child.once("exit", ended);
  child.once("message", answered);
  child.send(message);
  return promise.finally(() => {
    child.off("exit", ended);
    child.off("message", answered);
  });
}
