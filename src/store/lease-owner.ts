/** Whose a lease is: a process is told apart from every other that had its number before, on this machine and on others. */
import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** New with every start: in a container each process has the number of the one before. */
const START = randomUUID();

/** This process, as the owner of leases in a database that only this machine opens. */
export const THIS_PROCESS = `${process.pid}.${START}`;

/** This process, where several machines share the database: a process's number says nothing on another one. */
export const ON_THIS_MACHINE = `${THIS_PROCESS}@${machine()}`;

/** Whether a lease's owner was a process of this machine that is no more. Others, and unknown forms, are left to expire. */
export function isGone(owner: string): boolean {
  const [process_ = "", where] = owner.split("@", 2);
  if (process_ === THIS_PROCESS || (where !== undefined && where !== machine())) return false;
  const pid = Number(/^([1-9]\d*)\./.exec(process_)?.[1]);
  if (!Number.isSafeInteger(pid)) return false;
  return pid === process.pid || !isAlive(pid);
}

/** The host's name, this start of its kernel, and the container in it, each of which has process numbers of its own. */
function machine(): string {
  const boot = orNothing(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  const container = orNothing(() => readlinkSync("/proc/self/ns/pid").replace(/\D/g, ""));
  return `${hostname()}/${boot}/${container}`;
}

/** Not every system has them; the host's name is what is left there. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
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
