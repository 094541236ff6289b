"""What keeps the books balanced, whatever the code does (ARCHITECTURE.md 7).

Definer functions: one running as the caller sees no rows once the practice setting changes, and lets an
unbalanced journal through.
"""

BALANCED = """
CREATE FUNCTION journal_is_balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
DECLARE accrual numeric; cash numeric; lines int;
BEGIN
  SELECT count(*), sum(debit - credit) FILTER (WHERE basis <> 'cash'),
      sum(debit - credit) FILTER (WHERE basis <> 'accrual')
    INTO lines, accrual, cash FROM finance_journalline WHERE journal_id = NEW.id AND practice_id = NEW.practice_id;
  IF lines = 0 OR coalesce(accrual, 0) <> 0 OR coalesce(cash, 0) <> 0 THEN
    RAISE EXCEPTION 'journal % is not balanced: % lines, accrual off by %, cash off by %',
      NEW.id, lines, coalesce(accrual, 0), coalesce(cash, 0)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_is_balanced';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_is_balanced AFTER INSERT ON finance_journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_is_balanced();
"""

LINES_JOIN_THEIR_OWN = """
CREATE FUNCTION lines_join_own_transaction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT FROM added l JOIN finance_journal j ON j.practice_id = l.practice_id AND j.id = l.journal_id
             WHERE j.tx <> pg_current_xact_id() OR j.dated_on <> l.dated_on) THEN
    RAISE EXCEPTION 'a line joins only a journal of its own transaction and day'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'line_joins_own_journal';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER lines_join_own_transaction AFTER INSERT ON finance_journalline
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lines_join_own_transaction();
"""

PERIOD_IS_OPEN = """
CREATE FUNCTION period_is_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, public AS $$
BEGIN
  IF EXISTS (SELECT FROM finance_accountingperiod p WHERE p.practice_id = NEW.practice_id
             AND p.month = date_trunc('month', NEW.dated_on)::date AND p.state = 'closed') THEN
    RAISE EXCEPTION 'the period of % is closed', NEW.dated_on
      USING ERRCODE = 'check_violation', CONSTRAINT = 'period_is_open';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_is_open BEFORE INSERT ON finance_journal
  FOR EACH ROW EXECUTE FUNCTION period_is_open();
"""

DROP = (
    "DROP FUNCTION journal_is_balanced() CASCADE; DROP FUNCTION lines_join_own_transaction() CASCADE; "
    "DROP FUNCTION period_is_open() CASCADE"
)
