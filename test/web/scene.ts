/** The charters and the request that the console's tests and previews play with. */

const REVIEW = { daily: "09:00", weekly: "Mon 10:00", timezone: "Europe/London" };

export const CHARTERS: Readonly<Record<string, object>> = {
  "trial-nurture": {
    goal: {
      outcome: "Increase trial-to-paid conversion in enterprise",
      metric: "conversion",
      target: "+25%",
      guards: ["satisfaction >= 4.0"],
    },
    actions: {
      may: ["send_email", "in_app_message"],
      ask_first: [{ action: "discount", when: { percent: { above: 15 } } }],
      never: ["change_pricing"],
    },
    constraints: {
      budget: { cap: 8000, currency: "GBP", per: "month" },
      frequency: [{ action: "send_email", at_most: 3, per: "7d" }],
    },
    triggers: { low_confidence: { below: 0.7 }, budget: { above: 0.8 } },
    review: REVIEW,
    ownership: { owner: "sarah", deputies: ["james"] },
  },
  "content-distribution": {
    goal: { outcome: "Reach more readers of the right kind" },
    actions: { may: ["publish_post"], ask_first: ["boost_post"] },
    constraints: { budget: { cap: 5000, currency: "GBP" } },
    triggers: { low_confidence: { below: 0.75 } },
    review: REVIEW,
    ownership: { owner: "james" },
  },
};

export const SENDING = {
  trigger: "low_confidence",
  summary: "Answer a GDPR and HIPAA question from an enterprise trial",
  reason:
    "The customer asks whether one workspace can be bound to both rule sets. My sources disagree, and the last answer of this kind was corrected by legal.",
  signal: { confidence: 0.58 },
  subject: { type: "contact", id: "4711", name: "Dana Reyes, Northwind Health" },
  action: {
    name: "send_email",
    args: {
      to: "dana@northwind.example",
      subject: "Your question about GDPR and HIPAA",
      body: "Hello Dana,\n\nyes: both can be switched on for one workspace.\n\nBest wishes",
      follow_up_days: 3,
    },
  },
  args_schema: {
    type: "object",
    required: ["to", "subject", "body"],
    properties: {
      to: { type: "string", format: "email" },
      subject: { type: "string", maxLength: 120 },
      body: { type: "string" },
      follow_up_days: { type: "integer", minimum: 1, maximum: 30 },
    },
  },
  context: [
    { label: "Plan", value: "Enterprise trial, day 11 of 30" },
    { label: "Seats", value: "140" },
  ],
  transcript: [
    {
      who: "Dana Reyes",
      at: "2027-01-15T09:41:00Z",
      text: "Can your compliance module handle GDPR and HIPAA simultaneously?",
    },
    {
      who: "Trial nurture",
      at: "2027-01-15T09:41:20Z",
      text: "Good question. Let me check, and I will be back today.",
    },
  ],
  links: [{ label: "CRM record", url: "https://crm.example/contacts/4711" }],
} as const;
