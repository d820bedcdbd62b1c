/** The paces in memory keep the contract, so that what platforms do with them is what they do with a store's. */
import { beforeEach, describe } from "vitest";
import type { Paces } from "../../src/application/ports.ts";
import { pacesContract } from "../contracts/paces-contract.ts";
import { pacesInMemory } from "./paces.ts";

describe("paces in memory", () => {
  let paces: Paces;
  beforeEach(() => {
    paces = pacesInMemory();
  });
  pacesContract(() => paces);
});
