"""The words patients are found by, kept by the database itself: whatever writes a patient or a card writes them too.

``patient_words`` says them for one row of patients_patient, ``member_words`` for the number of a card. Both fold as
``patients.rules.search.folded`` does. They run as the caller, so the caller's practice bounds what they touch.
"""

FUNCTIONS = """
CREATE FUNCTION patient_folded(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public AS $$
  SELECT regexp_replace(normalize(lower(given COLLATE pg_c_utf8), NFD), '[\\u0300-\\u036F]', '', 'g')
$$;
CREATE FUNCTION patient_words(person patients_patient) RETURNS TABLE (kind text, word text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public AS $$
  WITH named AS (
    SELECT patient_folded(name) COLLATE pg_c_utf8 AS name
    FROM unnest(ARRAY[person.last_name, person.first_name, person.middle_name, person.preferred_name,
      person.other_names]) name WHERE name <> ''
  ), numbered AS (
    SELECT regexp_replace(patient_folded(number) COLLATE pg_c_utf8, '[^[:alnum:]]+', '', 'g') AS whole,
      substring(number FROM '(\\d+)$') AS tail
    FROM regexp_split_to_table(person.mrn || ' ' || person.other_numbers, '\\s+') number WHERE number <> ''
  ), called AS (
    SELECT phone FROM unnest(ARRAY[person.phone, person.second_phone]) phone WHERE phone ~ '^\\d{7,}$'
  )
  SELECT 'name', left(part, 60) FROM named, LATERAL (
    SELECT regexp_split_to_table(name, '[^[:alnum:]]+') UNION SELECT regexp_replace(name, '[^[:alnum:]]+', '', 'g')
  ) AS parts (part) WHERE part <> ''
  UNION SELECT 'number', left(part, 60) FROM numbered, LATERAL unnest(ARRAY[whole, tail, ltrim(tail, '0')]) part
    WHERE part <> ''
  UNION SELECT 'phone', left(part, 60) FROM called, LATERAL unnest(ARRAY[phone, right(phone, 7), right(phone, 4)]) part
  UNION SELECT 'born', to_char(person.birth_date, 'YYYYMMDD')
$$;
CREATE FUNCTION member_words(member_id text) RETURNS SETOF text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public AS $$
  SELECT DISTINCT left(part, 60) FROM regexp_replace(patient_folded(member_id), '[^[:alnum:]]+', '', 'g') whole,
    LATERAL unnest(ARRAY[whole, ltrim(whole, 'abcdefghijklmnopqrstuvwxyz')]) part WHERE part <> ''
$$;
GRANT EXECUTE ON FUNCTION patient_folded(text), patient_words(patients_patient), member_words(text) TO wellrun_app;
"""
TRIGGERS = """
CREATE FUNCTION patient_keeps_words() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM patients_patientword w WHERE w.practice_id = NEW.practice_id AND w.patient_id = NEW.id
      AND w.kind <> 'member' AND NOT EXISTS (
        SELECT FROM patient_words(NEW) f WHERE f.kind = w.kind AND f.word = w.word COLLATE "C");
  END IF;
  INSERT INTO patients_patientword (practice_id, patient_id, kind, word)
    SELECT NEW.practice_id, NEW.id, f.kind, f.word FROM patient_words(NEW) f ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_words AFTER INSERT OR UPDATE OF first_name, last_name, middle_name, preferred_name, other_names,
  mrn, other_numbers, phone, second_phone, birth_date ON patients_patient
  FOR EACH ROW EXECUTE FUNCTION patient_keeps_words();
CREATE FUNCTION coverage_keeps_words() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM patients_patientword w WHERE w.practice_id = OLD.practice_id AND w.patient_id = OLD.patient_id
      AND w.kind = 'member' AND NOT EXISTS (
        SELECT FROM patients_coverage c, LATERAL member_words(c.member_id) f (word)
        WHERE c.practice_id = w.practice_id AND c.patient_id = w.patient_id AND f.word = w.word COLLATE "C");
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO patients_patientword (practice_id, patient_id, kind, word)
      SELECT NEW.practice_id, NEW.patient_id, 'member', f FROM member_words(NEW.member_id) f ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keeps_words AFTER INSERT OR DELETE OR UPDATE OF member_id, patient_id ON patients_coverage
  FOR EACH ROW EXECUTE FUNCTION coverage_keeps_words();
"""
MAKE = FUNCTIONS + TRIGGERS
UNMAKE = """
DROP TRIGGER keeps_words ON patients_coverage;
DROP TRIGGER keeps_words ON patients_patient;
DROP FUNCTION coverage_keeps_words(), patient_keeps_words(), member_words(text), patient_words(patients_patient),
  patient_folded(text);
"""
# Words of rows that were loaded without triggers (bench).
FILL = """
INSERT INTO patients_patientword (practice_id, patient_id, kind, word)
  SELECT p.practice_id, p.id, f.kind, f.word FROM patients_patient p, LATERAL patient_words(p) f
  ON CONFLICT DO NOTHING;
INSERT INTO patients_patientword (practice_id, patient_id, kind, word)
  SELECT c.practice_id, c.patient_id, 'member', f FROM patients_coverage c, LATERAL member_words(c.member_id) f
  ON CONFLICT DO NOTHING;
"""
