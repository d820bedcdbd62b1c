CREATE TABLE "absences" (
	"id" text collate "C" PRIMARY KEY,
	"person" text collate "C" NOT NULL,
	"deputy" text collate "C" NOT NULL,
	"from_at" bigint NOT NULL,
	"until_at" bigint NOT NULL,
	"said_by" text collate "C" NOT NULL,
	"said_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "agents" (
	"id" text collate "C" PRIMARY KEY,
	"name" text collate "C" NOT NULL,
	"environment" text collate "C" NOT NULL,
	"callback_url" text collate "C",
	"charter_version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "answers" (
	"scope" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"body_hash" text collate "C" NOT NULL,
	"status" bigint NOT NULL,
	"body" text collate "C" NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "approvals" (
	"escalation" text collate "C" NOT NULL,
	"by_id" text collate "C" NOT NULL,
	"at" bigint NOT NULL,
	"digest" text collate "C",
	"approval" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"seq" bigint PRIMARY KEY,
	"at" bigint NOT NULL,
	"kind" text collate "C" NOT NULL,
	"actor" text collate "C" NOT NULL,
	"agent" text collate "C",
	"escalation" text collate "C",
	"detail" text collate "C",
	"hash" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "callbacks" (
	"id" text collate "C" PRIMARY KEY,
	"agent" text collate "C" NOT NULL,
	"escalation" text collate "C",
	"type" text collate "C" NOT NULL,
	"url" text collate "C" NOT NULL,
	"body" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"attempts" bigint NOT NULL,
	"last_error" text collate "C",
	"created_at" bigint NOT NULL,
	"started_at" bigint NOT NULL,
	"delivered_at" bigint
);
--> statement-breakpoint
CREATE TABLE "charters" (
	"agent" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"by_id" text collate "C" NOT NULL,
	"by_name" text collate "C" NOT NULL,
	"at" bigint NOT NULL,
	"charter" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "copies" (
	"id" text collate "C" PRIMARY KEY,
	"escalation" text collate "C",
	"digest" text collate "C",
	"queue" text collate "C",
	"part" text collate "C" NOT NULL,
	"platform" text collate "C" NOT NULL,
	"address_kind" text collate "C" NOT NULL,
	"address_id" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"ref" text collate "C",
	"attempts" bigint NOT NULL,
	"attempted_at" bigint,
	"uncertain_since" bigint,
	"drawn" text collate "C",
	"error" text collate "C",
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"name" text collate "C" PRIMARY KEY,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "daily_counts" (
	"agent" text collate "C" NOT NULL,
	"day" text collate "C" NOT NULL,
	"what" text collate "C" NOT NULL,
	"trigger" text collate "C" NOT NULL,
	"of" text collate "C" NOT NULL,
	"n" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"escalation" text collate "C" PRIMARY KEY,
	"verdict" text collate "C" NOT NULL,
	"by_id" text collate "C" NOT NULL,
	"at" bigint NOT NULL,
	"decision" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "digests" (
	"id" text collate "C" PRIMARY KEY,
	"kind" text collate "C" NOT NULL,
	"schedule" text collate "C" NOT NULL,
	"date" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"skipped" text collate "C",
	"body" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "escalations" (
	"id" text collate "C" PRIMARY KEY,
	"revision" bigint NOT NULL,
	"agent" text collate "C" NOT NULL,
	"charter_version" bigint NOT NULL,
	"status" text collate "C" NOT NULL,
	"trigger" text collate "C" NOT NULL,
	"severity" text collate "C" NOT NULL,
	"rule" text collate "C",
	"created_at" bigint NOT NULL,
	"due_at" bigint NOT NULL,
	"settled_at" bigint,
	"alike" text collate "C",
	"request" text collate "C" NOT NULL,
	"body" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hold_versions" (
	"agent" text collate "C" PRIMARY KEY,
	"version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" text collate "C" PRIMARY KEY,
	"agent" text collate "C" NOT NULL,
	"scope" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"placed_by" text collate "C" NOT NULL,
	"placed_at" bigint NOT NULL,
	"until" bigint,
	"escalation" text collate "C",
	"confirmed_at" bigint,
	"released_at" bigint,
	"released_by" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "inspections" (
	"id" text collate "C" PRIMARY KEY,
	"digest" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"agent" text collate "C" NOT NULL,
	"charter_version" bigint NOT NULL,
	"by_id" text collate "C" NOT NULL,
	"by_name" text collate "C" NOT NULL,
	"at" bigint NOT NULL,
	"looked_at" text collate "C" NOT NULL,
	"note" text collate "C"
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"key" text collate "C" PRIMARY KEY,
	"kind" text collate "C" NOT NULL,
	"ref" text collate "C" NOT NULL,
	"due_at" bigint NOT NULL,
	"ready_at" bigint NOT NULL,
	"attempts" bigint NOT NULL,
	"fence" bigint NOT NULL,
	"error" text collate "C",
	"owner" text collate "C",
	"again_at" bigint
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text collate "C" PRIMARY KEY,
	"agent" text collate "C",
	"hash" text collate "C" NOT NULL,
	"signing_secret" text collate "C",
	"created_at" bigint NOT NULL,
	"revoked_at" bigint
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"key" text collate "C" PRIMARY KEY,
	"value" text collate "C" NOT NULL,
	"until" bigint
);
--> statement-breakpoint
CREATE TABLE "paces" (
	"key" text collate "C" PRIMARY KEY,
	"free_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "tallies" (
	"agent" text collate "C" NOT NULL,
	"what" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "absences_standing" ON "absences" ("until_at") WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "answers_key" ON "answers" ("key","scope");--> statement-breakpoint
CREATE INDEX "answers_at" ON "answers" ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "approvals_once" ON "approvals" ("escalation","by_id","at");--> statement-breakpoint
CREATE INDEX "audit_escalation" ON "audit" ("escalation","seq") WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX "callbacks_escalation" ON "callbacks" ("escalation") WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX "callbacks_state" ON "callbacks" ("state","id");--> statement-breakpoint
CREATE UNIQUE INDEX "charters_version" ON "charters" ("agent","version");--> statement-breakpoint
CREATE INDEX "copies_escalation" ON "copies" ("escalation") WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX "copies_digest" ON "copies" ("digest") WHERE "digest" is not null;--> statement-breakpoint
CREATE INDEX "copies_queue" ON "copies" ("queue") WHERE "queue" is not null;--> statement-breakpoint
CREATE INDEX "copies_wanted" ON "copies" ("platform","address_id","created_at") WHERE "state" = 'wanted' and "queue" is null;--> statement-breakpoint
CREATE INDEX "copies_attempted" ON "copies" ("platform","address_id","attempted_at") WHERE "attempted_at" is not null;--> statement-breakpoint
CREATE INDEX "copies_ref" ON "copies" ("platform","ref") WHERE "ref" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "daily_counts_key" ON "daily_counts" ("agent","day","what","trigger","of");--> statement-breakpoint
CREATE UNIQUE INDEX "digests_once" ON "digests" ("schedule","date");--> statement-breakpoint
CREATE INDEX "digests_kind" ON "digests" ("kind","id");--> statement-breakpoint
CREATE INDEX "escalations_status" ON "escalations" ("status","id");--> statement-breakpoint
CREATE INDEX "escalations_open" ON "escalations" ("agent","trigger","id") WHERE "status" = 'open';--> statement-breakpoint
CREATE INDEX "escalations_past" ON "escalations" ("agent","id") WHERE "status" <> 'open';--> statement-breakpoint
CREATE INDEX "escalations_settled" ON "escalations" ("agent","settled_at") WHERE "settled_at" is not null;--> statement-breakpoint
CREATE INDEX "escalations_rule" ON "escalations" ("agent","trigger","rule","created_at") WHERE "rule" is not null;--> statement-breakpoint
CREATE INDEX "holds_active" ON "holds" ("agent","placed_at","id") WHERE "released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "inspections_once" ON "inspections" ("digest","agent");--> statement-breakpoint
CREATE INDEX "inspections_latest" ON "inspections" ("agent","kind","at");--> statement-breakpoint
CREATE INDEX "jobs_ready" ON "jobs" ("ready_at");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_hash" ON "keys" ("hash");--> statement-breakpoint
CREATE INDEX "keys_live" ON "keys" ("agent","created_at") WHERE "revoked_at" is null;--> statement-breakpoint
CREATE INDEX "notes_until" ON "notes" ("until") WHERE "until" is not null;--> statement-breakpoint
CREATE INDEX "tallies_count" ON "tallies" ("agent","what","subject","at");--> statement-breakpoint
CREATE INDEX "tallies_at" ON "tallies" ("at");--> statement-breakpoint
ALTER TABLE "approvals" ADD CONSTRAINT "approvals_escalation_escalations_id_fkey" FOREIGN KEY ("escalation") REFERENCES "escalations"("id");--> statement-breakpoint
ALTER TABLE "charters" ADD CONSTRAINT "charters_agent_agents_id_fkey" FOREIGN KEY ("agent") REFERENCES "agents"("id");--> statement-breakpoint
ALTER TABLE "copies" ADD CONSTRAINT "copies_escalation_escalations_id_fkey" FOREIGN KEY ("escalation") REFERENCES "escalations"("id");--> statement-breakpoint
ALTER TABLE "copies" ADD CONSTRAINT "copies_digest_digests_id_fkey" FOREIGN KEY ("digest") REFERENCES "digests"("id");--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_escalation_escalations_id_fkey" FOREIGN KEY ("escalation") REFERENCES "escalations"("id");--> statement-breakpoint
ALTER TABLE "inspections" ADD CONSTRAINT "inspections_digest_digests_id_fkey" FOREIGN KEY ("digest") REFERENCES "digests"("id");