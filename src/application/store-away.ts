/** How a store says that it could not be reached just now, which is another matter than a fault in what was asked of it. */
const CODE = "STORE_AWAY";

export function storeAway(message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code: CODE });
}

export function isStoreAway(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === CODE;
}
