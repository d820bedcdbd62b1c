-- The audit trail is append-only in the database itself: no program and no shell changes, removes or skips a line.
CREATE FUNCTION "audit_refuse"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'the audit trail is append-only: %', TG_ARGV[0];
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_no_update" BEFORE UPDATE ON "audit"
FOR EACH ROW EXECUTE FUNCTION "audit_refuse"('a line is never changed');
--> statement-breakpoint
CREATE TRIGGER "audit_no_delete" BEFORE DELETE ON "audit"
FOR EACH ROW EXECUTE FUNCTION "audit_refuse"('a line is never removed');
--> statement-breakpoint
-- TRUNCATE removes every line without firing the trigger above.
CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "audit"
FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse"('a line is never removed');
--> statement-breakpoint
CREATE FUNCTION "audit_follow"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW."seq" IS DISTINCT FROM (SELECT coalesce(max("seq"), 0) + 1 FROM "audit") THEN
		RAISE EXCEPTION 'the audit trail is append-only: the next line has the next number';
	END IF;
	RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "audit_no_gap" BEFORE INSERT ON "audit"
FOR EACH ROW EXECUTE FUNCTION "audit_follow"();
