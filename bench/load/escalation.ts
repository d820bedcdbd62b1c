/** What an agent sends in the bench: an escalation of about 1.5 KB, and a signal that no rule of its charter meets. */

export function escalation(agent: string): object {
  return {
    // Holds the one action, as most do: a hold on the whole agent is looked at again a minute later, in somebody else's round.
    trigger: "approval_required",
    summary: "Reply to Dana Whitfield about the data processing agreement",
    reason:
      "She asks for the signed copy and mentions that legal has changed clause 7. I am 61 % sure that she means the version of March, and a wrong copy would be hard to take back.",
    severity: "medium",
    subject: {
      type: "contact",
      id: `${agent}-17`,
      name: "Dana Whitfield",
      url: "https://crm.example.com/contacts/17",
    },
    action: {
      name: "send_email",
      args: {
        to: "dana.whitfield@example.com",
        subject: "Data processing agreement",
        body: "Dear Dana, attached is the signed data processing agreement in the version of March, with the changes to clause 7 that your colleagues asked for. Please let me know if anything is missing.",
      },
    },
    context: [
      { label: "Plan", value: "Enterprise trial, 240 seats, ends on 30 November" },
      { label: "Account", value: "Northwind Health, since 2023, renewal in February" },
      { label: "Last contact", value: "Two days ago, by e-mail, answered within an hour" },
    ],
    transcript: [
      {
        who: "Dana Whitfield",
        text: "Could you send me the signed DPA again? Legal has changed clause 7, I believe.",
      },
      { who: "Agent", text: "I will look it up and send it to you today." },
      { who: "Dana Whitfield", text: "Perfect, we need it before the board meets on Thursday." },
    ],
    links: [{ label: "The thread in the CRM", url: "https://crm.example.com/threads/8812" }],
    group: "data-processing-agreement",
    state: { step: "reply", thread: 8812 },
  };
}

export function confidentSignal(agent: string): object {
  return {
    signal: { confidence: 0.93, sentiment: 0.4 },
    subject: { type: "contact", id: `${agent}-17`, name: "Dana Whitfield" },
    action: {
      // The charter counts e-mails: a signal about one of them is written down.
      name: "in_app_message",
      args: { to: "dana.whitfield@example.com", body: "Dear Dana, the export is in your inbox." },
    },
    text: "Dear Dana, the export that you asked for on Monday is in your inbox. It covers the last quarter; tell me if you need more.",
  };
}
