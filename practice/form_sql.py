"""A published version of a form never changes again: the database refuses it to the app, whatever the code does."""

# Children name their version themselves, so one function serves all. The owner (restores, destruction) is let through.
FIXED = """
CREATE FUNCTION form_version_is_fixed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF current_user NOT IN ('wellrun_app', 'wellrun_jobs') THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF EXISTS (SELECT FROM practice_formversion v WHERE v.published_at IS NOT NULL AND (
      TG_OP <> 'INSERT' AND v.practice_id = OLD.practice_id AND v.id = CASE TG_TABLE_NAME
        WHEN 'practice_formversion' THEN OLD.id ELSE (to_jsonb(OLD) ->> 'version_id')::uuid END
      OR TG_OP <> 'DELETE' AND TG_TABLE_NAME <> 'practice_formversion' AND v.practice_id = NEW.practice_id
        AND v.id = (to_jsonb(NEW) ->> 'version_id')::uuid)) THEN
    RAISE EXCEPTION 'a published version of a form never changes' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
"""
TABLES = ("practice_formversion", "practice_formsection", "practice_formfield", "practice_formchoice")
FIX = FIXED + "".join(
    f"CREATE TRIGGER fixed BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
    "EXECUTE FUNCTION form_version_is_fixed(); "
    for table in TABLES
)
UNFIX = (
    "".join(f"DROP TRIGGER fixed ON {table}; " for table in TABLES) + "DROP FUNCTION form_version_is_fixed();"
)
