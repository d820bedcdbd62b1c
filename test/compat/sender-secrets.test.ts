/** The secrets with which other systems sign what they send to an agent's hook. */
import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";

const read = (secrets: string) =>
  readConfig({ HOLDPOINT_SENDER_SECRETS: secrets }, () => undefined).senderSecrets;

describe("HOLDPOINT_SENDER_SECRETS", () => {
  it("has any number of secrets for each sender and agent", () => {
    const secrets = read(
      "crewai/renewals=whsec_0123456789abcdef, crewai/renewals=whsec_fedcba9876543210,crewai/trials=whsec_aaaabbbbccccdddd",
    );
    expect(secrets.get("crewai/renewals")).toEqual(["whsec_0123456789abcdef", "whsec_fedcba9876543210"]);
    expect(secrets.get("crewai/trials")).toEqual(["whsec_aaaabbbbccccdddd"]);
    expect(read("").size).toBe(0);
  });

  it("with a short secret or without an agent does not start, and its words hold no secret", () => {
    for (const wrong of [
      "crewai/renewals=short",
      "crewai=whsec_0123456789abcdef",
      "whsec_0123456789abcdef",
    ]) {
      expect(() => read(wrong)).toThrow(/HOLDPOINT_SENDER_SECRETS/);
      expect(() => read(wrong)).not.toThrow(/0123456789abcdef|short/);
    }
  });
});
