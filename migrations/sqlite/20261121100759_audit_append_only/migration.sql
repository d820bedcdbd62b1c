-- The audit trail is append-only in the database itself: no program and no shell changes, removes or skips a line.
CREATE TRIGGER `audit_no_update` BEFORE UPDATE ON `audit`
BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only: a line is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_no_delete` BEFORE DELETE ON `audit`
BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only: a line is never removed');
END;
--> statement-breakpoint
-- INSERT OR REPLACE would remove a line without firing the trigger above.
CREATE TRIGGER `audit_no_gap` BEFORE INSERT ON `audit`
WHEN NEW.`seq` IS NOT (SELECT coalesce(max(`seq`), 0) + 1 FROM `audit`)
BEGIN
	SELECT RAISE(ABORT, 'the audit trail is append-only: the next line has the next number');
END;
