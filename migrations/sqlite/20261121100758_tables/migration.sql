CREATE TABLE `absences` (
	`id` text PRIMARY KEY,
	`person` text NOT NULL,
	`deputy` text NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer NOT NULL,
	`said_by` text NOT NULL,
	`said_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE TABLE `agents` (
	`id` text PRIMARY KEY,
	`name` text NOT NULL,
	`environment` text NOT NULL,
	`callback_url` text,
	`charter_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `answers` (
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`escalation` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`digest` text,
	`approval` text NOT NULL,
	CONSTRAINT `fk_approvals_escalation_escalations_id_fk` FOREIGN KEY (`escalation`) REFERENCES `escalations`(`id`)
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`agent` text,
	`escalation` text,
	`detail` text,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `callbacks` (
	`id` text PRIMARY KEY,
	`agent` text NOT NULL,
	`escalation` text,
	`type` text NOT NULL,
	`url` text NOT NULL,
	`body` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`last_error` text,
	`created_at` integer NOT NULL,
	`started_at` integer NOT NULL,
	`delivered_at` integer
);
--> statement-breakpoint
CREATE TABLE `charters` (
	`agent` text NOT NULL,
	`version` integer NOT NULL,
	`by_id` text NOT NULL,
	`by_name` text NOT NULL,
	`at` integer NOT NULL,
	`charter` text NOT NULL,
	CONSTRAINT `fk_charters_agent_agents_id_fk` FOREIGN KEY (`agent`) REFERENCES `agents`(`id`)
);
--> statement-breakpoint
CREATE TABLE `copies` (
	`id` text PRIMARY KEY,
	`escalation` text,
	`digest` text,
	`queue` text,
	`part` text NOT NULL,
	`platform` text NOT NULL,
	`address_kind` text NOT NULL,
	`address_id` text NOT NULL,
	`state` text NOT NULL,
	`ref` text,
	`attempts` integer NOT NULL,
	`attempted_at` integer,
	`uncertain_since` integer,
	`drawn` text,
	`error` text,
	`created_at` integer NOT NULL,
	CONSTRAINT `fk_copies_escalation_escalations_id_fk` FOREIGN KEY (`escalation`) REFERENCES `escalations`(`id`),
	CONSTRAINT `fk_copies_digest_digests_id_fk` FOREIGN KEY (`digest`) REFERENCES `digests`(`id`)
);
--> statement-breakpoint
CREATE TABLE `counters` (
	`name` text PRIMARY KEY,
	`value` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `daily_counts` (
	`agent` text NOT NULL,
	`day` text NOT NULL,
	`what` text NOT NULL,
	`trigger` text NOT NULL,
	`of` text NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `decisions` (
	`escalation` text PRIMARY KEY,
	`verdict` text NOT NULL,
	`by_id` text NOT NULL,
	`at` integer NOT NULL,
	`decision` text NOT NULL,
	CONSTRAINT `fk_decisions_escalation_escalations_id_fk` FOREIGN KEY (`escalation`) REFERENCES `escalations`(`id`)
);
--> statement-breakpoint
CREATE TABLE `digests` (
	`id` text PRIMARY KEY,
	`kind` text NOT NULL,
	`schedule` text NOT NULL,
	`date` text NOT NULL,
	`created_at` integer NOT NULL,
	`skipped` text,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `escalations` (
	`id` text PRIMARY KEY,
	`revision` integer NOT NULL,
	`agent` text NOT NULL,
	`charter_version` integer NOT NULL,
	`status` text NOT NULL,
	`trigger` text NOT NULL,
	`severity` text NOT NULL,
	`rule` text,
	`created_at` integer NOT NULL,
	`due_at` integer NOT NULL,
	`settled_at` integer,
	`alike` text,
	`request` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `hold_versions` (
	`agent` text PRIMARY KEY,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `holds` (
	`id` text PRIMARY KEY,
	`agent` text NOT NULL,
	`scope` text NOT NULL,
	`reason` text NOT NULL,
	`placed_by` text NOT NULL,
	`placed_at` integer NOT NULL,
	`until` integer,
	`escalation` text,
	`confirmed_at` integer,
	`released_at` integer,
	`released_by` text
);
--> statement-breakpoint
CREATE TABLE `inspections` (
	`id` text PRIMARY KEY,
	`digest` text NOT NULL,
	`kind` text NOT NULL,
	`agent` text NOT NULL,
	`charter_version` integer NOT NULL,
	`by_id` text NOT NULL,
	`by_name` text NOT NULL,
	`at` integer NOT NULL,
	`looked_at` text NOT NULL,
	`note` text,
	CONSTRAINT `fk_inspections_digest_digests_id_fk` FOREIGN KEY (`digest`) REFERENCES `digests`(`id`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`key` text PRIMARY KEY,
	`kind` text NOT NULL,
	`ref` text NOT NULL,
	`due_at` integer NOT NULL,
	`ready_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`fence` integer NOT NULL,
	`error` text,
	`owner` text,
	`again_at` integer
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY,
	`agent` text,
	`hash` text NOT NULL,
	`signing_secret` text,
	`created_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `notes` (
	`key` text PRIMARY KEY,
	`value` text NOT NULL,
	`until` integer
);
--> statement-breakpoint
CREATE TABLE `paces` (
	`key` text PRIMARY KEY,
	`free_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `tallies` (
	`agent` text NOT NULL,
	`what` text NOT NULL,
	`subject` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `absences_standing` ON `absences` (`until_at`) WHERE "ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `answers_key` ON `answers` (`key`,`scope`);--> statement-breakpoint
CREATE INDEX `answers_at` ON `answers` (`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `approvals_once` ON `approvals` (`escalation`,`by_id`,`at`);--> statement-breakpoint
CREATE INDEX `audit_escalation` ON `audit` (`escalation`,`seq`) WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX `callbacks_escalation` ON `callbacks` (`escalation`) WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX `callbacks_state` ON `callbacks` (`state`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `charters_version` ON `charters` (`agent`,`version`);--> statement-breakpoint
CREATE INDEX `copies_escalation` ON `copies` (`escalation`) WHERE "escalation" is not null;--> statement-breakpoint
CREATE INDEX `copies_digest` ON `copies` (`digest`) WHERE "digest" is not null;--> statement-breakpoint
CREATE INDEX `copies_queue` ON `copies` (`queue`) WHERE "queue" is not null;--> statement-breakpoint
CREATE INDEX `copies_wanted` ON `copies` (`platform`,`address_id`,`created_at`) WHERE "state" = 'wanted' and "queue" is null;--> statement-breakpoint
CREATE INDEX `copies_attempted` ON `copies` (`platform`,`address_id`,`attempted_at`) WHERE "attempted_at" is not null;--> statement-breakpoint
CREATE INDEX `copies_ref` ON `copies` (`platform`,`ref`) WHERE "ref" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `daily_counts_key` ON `daily_counts` (`agent`,`day`,`what`,`trigger`,`of`);--> statement-breakpoint
CREATE UNIQUE INDEX `digests_once` ON `digests` (`schedule`,`date`);--> statement-breakpoint
CREATE INDEX `digests_kind` ON `digests` (`kind`,`id`);--> statement-breakpoint
CREATE INDEX `escalations_status` ON `escalations` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `escalations_open` ON `escalations` (`agent`,`trigger`,`id`) WHERE "status" = 'open';--> statement-breakpoint
CREATE INDEX `escalations_past` ON `escalations` (`agent`,`id`) WHERE "status" <> 'open';--> statement-breakpoint
CREATE INDEX `escalations_settled` ON `escalations` (`agent`,`settled_at`) WHERE "settled_at" is not null;--> statement-breakpoint
CREATE INDEX `escalations_rule` ON `escalations` (`agent`,`trigger`,`rule`,`created_at`) WHERE "rule" is not null;--> statement-breakpoint
CREATE INDEX `holds_active` ON `holds` (`agent`,`placed_at`,`id`) WHERE "released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX `inspections_once` ON `inspections` (`digest`,`agent`);--> statement-breakpoint
CREATE INDEX `inspections_latest` ON `inspections` (`agent`,`kind`,`at`);--> statement-breakpoint
CREATE INDEX `jobs_ready` ON `jobs` (`ready_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash` ON `keys` (`hash`);--> statement-breakpoint
CREATE INDEX `keys_live` ON `keys` (`agent`,`created_at`) WHERE "revoked_at" is null;--> statement-breakpoint
CREATE INDEX `notes_until` ON `notes` (`until`) WHERE "until" is not null;--> statement-breakpoint
CREATE INDEX `tallies_count` ON `tallies` (`agent`,`what`,`subject`,`at`);--> statement-breakpoint
CREATE INDEX `tallies_at` ON `tallies` (`at`);