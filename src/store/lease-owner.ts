/** Whose a lease is: a process is told apart from every other that had its number before. */
import { randomUUID } from "node:crypto";

/** New with every start: in a container each process has the number of the one before. */
const START = randomUUID();

/** This process, as the owner of leases. */
export const THIS_PROCESS = `${process.pid}.${START}`;

/** Whether a lease's owner was a process of this machine that is no more. Unknown forms are left to expire. */
export function isGone(owner: string): boolean {
  if (owner === THIS_PROCESS) return false;
  const pid = Number(/^([1-9]\d*)\./.exec(owner)?.[1]);
  if (!Number.isSafeInteger(pid)) return false;
  return pid === process.pid || !isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
