/** Who is in the story: people of examples/holdpoint.yaml by their accounts, and agents by the name they go by. */

export const CAST = {
  sarah: { id: "sarah", name: "Sarah Chen", slack: "U0SARAH", teams: "00000000-0000-4000-8000-00000000000a" },
  james: { id: "james", name: "James Liu", slack: "U0JAMES", teams: "00000000-0000-4000-8000-00000000000b" },
  amara: {
    id: "amara",
    name: "Amara Okafor",
    slack: "U0AMARA",
    teams: "00000000-0000-4000-8000-000000000011",
  },
  elena: { id: "cmo", name: "Elena Rossi", slack: "U0ELENA", teams: "00000000-0000-4000-8000-000000000012" },
} as const;
export type CastMember = (typeof CAST)[keyof typeof CAST];

export const AGENTS = {
  "trial-nurture": "Trial nurture",
  "content-distribution": "Content distribution",
  "renewal-assistant": "Renewal assistant",
} as const;
export type AgentId = keyof typeof AGENTS;
