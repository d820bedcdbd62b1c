/** What the signatures promise: the published vectors, the reference suite's cases, and the gaps that we close. */
import { createHmac, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import {
  checkSecret,
  newSigningSecret,
  prepareSecrets,
  type Received,
  signWebhook,
  verifyWebhook,
} from "../../src/callbacks/standard-webhooks.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const TIMESTAMP = 1614265330;
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const OTHER_SECRET = secretOf(24, 7);
const NO_MATCH = /No signature matches/;

/** A well-formed message that arrives at once, with whatever a test changes about it. */
function received(
  change: Partial<Received> & { id?: string; timestamp?: string; signature?: string } = {},
): Received {
  const { id = ID, timestamp = String(TIMESTAMP), signature = SIGNATURE, ...rest } = change;
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  return { headers, rawBody: Buffer.from(BODY), secrets: [SECRET], nowMs: TIMESTAMP * 1000, ...rest };
}

/** Signs without any of our checks, as a sender with other ideas would. */
function signedAnyhow(id: string, timestamp: string, body: string | Buffer = BODY): string {
  const key = Buffer.from(SECRET.slice("whsec_".length), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

function secretOf(bytes: number, fill = 1): string {
  return `whsec_${Buffer.alloc(bytes, fill).toString("base64")}`;
}

describe("signing", () => {
  it("gives the signature of the published vector", () => {
    const signature = signWebhook({ id: ID, timestampSeconds: TIMESTAMP, body: BODY, secrets: [SECRET] });
    expect(signature).toBe(SIGNATURE);
  });

  it("signs bytes as it signs the text they spell", () => {
    const body = Buffer.from(BODY);
    expect(signWebhook({ id: ID, timestampSeconds: TIMESTAMP, body, secrets: [SECRET] })).toBe(SIGNATURE);
  });

  it("signs once per secret, in their order, while rotating", () => {
    const message = { id: ID, timestampSeconds: TIMESTAMP, body: BODY };
    const both = signWebhook({ ...message, secrets: [OTHER_SECRET, SECRET] });
    expect(both).toBe(`${signWebhook({ ...message, secrets: [OTHER_SECRET] })} ${SIGNATURE}`);
  });

  it.each([
    ["a dot in the id", { id: "esc.1" }],
    ["an empty id", { id: "" }],
    ["an id of 256 characters", { id: "a".repeat(256) }],
    ["an id that would end the header", { id: "a\r\nx: y" }],
    ["a fraction of a second", { timestampSeconds: 1.5 }],
    ["milliseconds beyond what a number holds", { timestampSeconds: 2 ** 53 }],
    ["no secret", { secrets: [] }],
    ["a secret of one byte", { secrets: ["whsec_YQ=="] }],
  ])("throws for %s", (_, change) => {
    const message = { id: ID, timestampSeconds: TIMESTAMP, body: BODY, secrets: [SECRET] };
    expect(() => signWebhook({ ...message, ...change })).toThrow();
  });
});

describe("verifying", () => {
  it("accepts the published vector and gives its id and time", () => {
    expect(verifyWebhook(received())).toEqual({ ok: true, id: ID, timestamp: TIMESTAMP });
  });

  it.each<[string, Parameters<typeof received>[0]]>([
    [
      "several signatures of which one is right",
      { signature: `v1,${"A".repeat(43)}= v1a,abc= junk ${SIGNATURE}` },
    ],
    ["a secret without its prefix", { secrets: [SECRET.slice("whsec_".length)] }],
    ["the previous secret while rotating", { secrets: [OTHER_SECRET, SECRET] }],
    ["prepared secrets", { secrets: prepareSecrets([OTHER_SECRET, SECRET]) }],
    ["a timestamp 300 s old", { nowMs: (TIMESTAMP + 300) * 1000 }],
    ["a timestamp 300 s ahead", { nowMs: (TIMESTAMP - 300) * 1000 }],
    ["an empty body", { rawBody: Buffer.alloc(0), signature: signedAnyhow(ID, String(TIMESTAMP), "") }],
    [
      "an id of 255 characters",
      { id: "x".repeat(255), signature: signedAnyhow("x".repeat(255), String(TIMESTAMP)) },
    ],
    ["a good signature in tenth place", { signature: `${"v1,no ".repeat(9)}${SIGNATURE}` }],
  ])("accepts %s", (_, change) => {
    expect(verifyWebhook(received(change))).toMatchObject({ ok: true });
  });

  it("accepts headers that node:http lists one by one, if each is there once", () => {
    const headers = {
      "webhook-id": [ID],
      "webhook-timestamp": [String(TIMESTAMP)],
      "webhook-signature": [SIGNATURE],
    };
    expect(verifyWebhook(received({ headers }))).toMatchObject({ ok: true });
  });

  it.each<[string, Parameters<typeof received>[0], RegExp]>([
    ["an empty id", { id: "" }, /are needed/],
    ["an empty timestamp", { timestamp: "" }, /are needed/],
    ["an empty signature", { signature: "" }, /are needed/],
    ["a timestamp that is no number", { timestamp: "hello" }, /whole Unix seconds/],
    ["a signature that is junk", { signature: "v1,invalid signature" }, /no signature of the form/],
    ["a signature without its version", { signature: SIGNATURE.slice(3) }, /no signature of the form/],
    ["a version without its signature", { signature: "v1," }, /no signature of the form/],
    ["half a signature", { signature: SIGNATURE.slice(0, 20) }, /no signature of the form/],
    [
      "the right bytes under another version",
      { signature: SIGNATURE.replace("v1,", "v2,") },
      /no signature of the form/,
    ],
    ["another secret", { secrets: [OTHER_SECRET] }, NO_MATCH],
    ["no secret at all", { secrets: [] }, NO_MATCH],
    ["a timestamp 301 s old", { nowMs: (TIMESTAMP + 301) * 1000 }, /300 s old/],
    ["a timestamp 301 s ahead", { nowMs: (TIMESTAMP - 301) * 1000 }, /300 s ahead/],
    ["a timestamp one millisecond beyond the window", { nowMs: TIMESTAMP * 1000 + 300_001 }, /300 s old/],
    [
      "a timestamp beyond a narrower window",
      { nowMs: (TIMESTAMP + 11) * 1000, toleranceSeconds: 10 },
      /10 s old/,
    ],
    [
      "a good signature in eleventh place",
      { signature: `${"v1,no ".repeat(10)}${SIGNATURE}` },
      /no signature of the form/,
    ],
    ["two signature headers joined", { signature: `${SIGNATURE}, ${SIGNATURE}` }, /must be sent once/],
    ["two id headers joined", { id: `${ID}, ${ID}` }, /webhook-id must be/],
    ["two timestamp headers joined", { timestamp: `${TIMESTAMP}, ${TIMESTAMP}` }, /whole Unix seconds/],
  ])("refuses %s", (_, change, why) => {
    expect(verifyWebhook(received(change))).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "refuses a message without %s",
    (name) => {
      const { headers, ...rest } = received();
      const result = verifyWebhook({ ...rest, headers: { ...headers, [name]: undefined } });
      expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/are needed/) });
    },
  );

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "refuses %s sent twice, even alike",
    (name) => {
      const { headers, ...rest } = received();
      const value = String(headers[name]);
      const result = verifyWebhook({ ...rest, headers: { ...headers, [name]: [value, value] } });
      expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/exactly once/) });
    },
  );

  // Each of these is truly signed, over the very text it sends: only the form is wrong.
  it.each([
    "1614265330abc",
    "1.61426533e9",
    "+1614265330",
    " 1614265330",
    "01614265330",
    "0x6037BDF2",
    "1614265330.0",
    "-5",
    "0",
  ])("refuses the timestamp %j although it is signed", (timestamp) => {
    const signature = signedAnyhow(ID, timestamp);
    const result = verifyWebhook(received({ timestamp, signature }));
    expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/whole Unix seconds/) });
  });

  it.each(["9007199254740992", "1614265330000"])(
    "refuses the timestamp %s as too far ahead or too large",
    (timestamp) => {
      const result = verifyWebhook(received({ timestamp, signature: signedAnyhow(ID, timestamp) }));
      expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/ahead|whole Unix seconds/) });
    },
  );

  it.each(["a.1", "../x", "a b", "", "x".repeat(256), "naïve", "a\r\nb", "a\u0000b"])(
    "refuses the id %j although it is signed",
    (id) => {
      const result = verifyWebhook(received({ id, signature: signedAnyhow(id, String(TIMESTAMP)) }));
      expect(result).toMatchObject({ ok: false });
    },
  );

  it("does not let one signature stand for two messages that differ in where the dot is", () => {
    const forged = signedAnyhow("a", "1614265330", "1614265330.x");
    expect(forged).toBe(signedAnyhow("a.1614265330", "1614265330", "x"));
    const asDotted = received({ id: "a.1614265330", rawBody: Buffer.from("x"), signature: forged });
    expect(verifyWebhook(asDotted)).toMatchObject({ ok: false });
  });

  it("looks at no more than ten of ten thousand signatures, and does so quickly", () => {
    const message = received({ signature: `${`v1,${"A".repeat(43)}= `.repeat(10_000)}${SIGNATURE}` });
    const started = performance.now();
    for (let i = 0; i < 100; i++) expect(verifyWebhook(message)).toMatchObject({ ok: false });
    expect(performance.now() - started).toBeLessThan(500);
  });

  describe("holds to the very bytes sent", () => {
    const sent = '{"a":1,\n"b":"é"}';
    const signature = signedAnyhow(ID, String(TIMESTAMP), sent);

    it.each<[string, Buffer]>([
      ["line ends turned into CRLF", Buffer.from(sent.replace("\n", "\r\n"))],
      ["a byte order mark put in front", Buffer.from(`\uFEFF${sent}`)],
      ["JSON written anew", Buffer.from(JSON.stringify(JSON.parse(sent)))],
      ["the same text in Latin-1", Buffer.from(sent, "latin1")],
      ["a body compressed on the way", gzipSync(sent)],
      ["a newline added at the end", Buffer.from(`${sent}\n`)],
    ])("refuses %s", (_, rawBody) => {
      expect(verifyWebhook(received({ rawBody, signature }))).toEqual({
        ok: false,
        why: expect.stringMatching(NO_MATCH),
      });
    });

    it("accepts a compressed body that was signed compressed", () => {
      const rawBody = gzipSync(sent);
      const result = verifyWebhook(
        received({ rawBody, signature: signedAnyhow(ID, String(TIMESTAMP), rawBody) }),
      );
      expect(result).toMatchObject({ ok: true });
    });
  });
});

describe("a secret", () => {
  it.each([24, 32, 64])("may have %i bytes", (bytes) => {
    expect(checkSecret(secretOf(bytes))).toEqual({ ok: true });
  });

  it.each<[string, string]>([
    ["nothing", ""],
    ["only a prefix", "whsec_"],
    ["one byte", "whsec_YQ=="],
    ["23 bytes", secretOf(23)],
    ["65 bytes", secretOf(65)],
    ["URL-safe base64", `whsec_${Buffer.alloc(32, 255).toString("base64url")}`],
    ["base64 without its padding", secretOf(32).replace(/=+$/, "")],
    ["a line end at its end", `${SECRET}\n`],
    ["the prefix twice", `whsec_${SECRET}`],
    ["an ed25519 key", SECRET.replace("whsec_", "whsk_")],
  ])("may not be %s", (_, text) => {
    expect(checkSecret(text)).toMatchObject({ ok: false });
    expect(() => prepareSecrets([SECRET, text])).toThrow(/secret 2 of 2/);
  });

  it("is never repeated in the reason it is refused for", () => {
    const text = `whsec_${"q".repeat(30)}!`;
    expect(JSON.stringify(checkSecret(text))).not.toContain("qqq");
    expect(() => prepareSecrets([text])).toThrow(/^(?!.*qqq)/);
  });

  it("is new and usable each time one is made", () => {
    const made = [newSigningSecret(randomBytes), newSigningSecret(randomBytes)];
    expect(made.map(checkSecret)).toEqual([{ ok: true }, { ok: true }]);
    expect(new Set(made).size).toBe(2);
    expect(made[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});

describe("with any message", () => {
  const ids = fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,255}$/);
  const secrets = fc
    .uint8Array({ minLength: 24, maxLength: 64 })
    .map((b) => `whsec_${Buffer.from(b).toString("base64")}`);
  const texts = fc.string({ unit: "binary", maxLength: 2000 });

  it("the package standardwebhooks verifies what we sign", () => {
    fc.assert(
      fc.property(ids, secrets, secrets, texts, (id, secret, other, body) => {
        const timestampSeconds = Math.floor(Date.now() / 1000);
        const headers = {
          "webhook-id": id,
          "webhook-timestamp": String(timestampSeconds),
          "webhook-signature": signWebhook({ id, timestampSeconds, body, secrets: [other, secret] }),
        };
        new Webhook(secret).verify(body, headers, { jsonParse: false });
      }),
    );
  });

  it("we verify what the package standardwebhooks signs", () => {
    fc.assert(
      fc.property(
        ids,
        secrets,
        texts,
        fc.integer({ min: 1, max: 2 ** 33 }),
        (id, secret, body, timestamp) => {
          const headers = {
            "webhook-id": id,
            "webhook-timestamp": String(timestamp),
            "webhook-signature": new Webhook(secret).sign(id, new Date(timestamp * 1000), body),
          };
          const rawBody = Buffer.from(body);
          const result = verifyWebhook({ headers, rawBody, secrets: [secret], nowMs: timestamp * 1000 });
          expect(result).toEqual({ ok: true, id, timestamp });
        },
      ),
    );
  });

  it("one bit changed anywhere in the body is noticed", () => {
    fc.assert(
      fc.property(
        secrets,
        fc.uint8Array({ minLength: 1, maxLength: 500 }),
        fc.nat(),
        fc.nat(7),
        (secret, bytes, at, bit) => {
          const rawBody = Buffer.from(bytes);
          const signature = signWebhook({
            id: ID,
            timestampSeconds: TIMESTAMP,
            body: rawBody,
            secrets: [secret],
          });
          expect(verifyWebhook(received({ rawBody, signature, secrets: [secret] })).ok).toBe(true);
          const changed = Buffer.from(rawBody);
          changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ (1 << bit);
          expect(verifyWebhook(received({ rawBody: changed, signature, secrets: [secret] })).ok).toBe(false);
        },
      ),
    );
  });
});
