-- The store of a team, schema 1. Every way in is a function, and each call is one statement: whatever a connection that
-- is cut leaves behind is written or not, and the same bytes can be sent again.
--
-- :schema stands for the schema's name.

DO $$ BEGIN
  IF current_setting('server_encoding') <> 'UTF8' THEN
    RAISE EXCEPTION 'this database is encoded as %, and the store needs UTF8', current_setting('server_encoding');
  END IF;
END $$;

DO $$ DECLARE r text; BEGIN
  FOREACH r IN ARRAY '{gonogo_owner,gonogo_observer,gonogo_reviewer,gonogo_operator,gonogo_keeper}'::text[] LOOP
    -- Roles are of the whole server: another database of it may have them already.
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;
-- Whoever may do more may do less.
GRANT gonogo_observer TO gonogo_reviewer;
GRANT gonogo_reviewer TO gonogo_operator;
GRANT gonogo_observer TO gonogo_keeper;

CREATE SCHEMA :schema AUTHORIZATION gonogo_owner;
SET LOCAL ROLE gonogo_owner;
SET LOCAL search_path = :schema;

-- What this store is called, and which versions may read and write it.
CREATE TABLE store (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  schema int NOT NULL, read_by int NOT NULL, written_by int NOT NULL);
INSERT INTO store (schema, read_by, written_by) VALUES (1, 1, 1);

CREATE TABLE documents (hash bytea PRIMARY KEY, bytes bytea NOT NULL, CHECK (hash = sha256(bytes)));

-- A run's own name is the hash of its first line: two that were imported may share an id.
CREATE TABLE runs (
  run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
  root bytea NOT NULL UNIQUE,
  document bytea NOT NULL REFERENCES documents,
  environment text NOT NULL,
  outcome text, ended_at timestamptz);

-- Which run has an environment: one until its outcome, whoever works on it.
CREATE TABLE environments (
  key text PRIMARY KEY,
  environment text NOT NULL, run text NOT NULL, operator text NOT NULL, host text NOT NULL, since text NOT NULL,
  login name NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT clock_timestamp());

-- Fence, end and heartbeat of a run: the only row that is written often.
CREATE TABLE heads (
  run bigint PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  seq bigint NOT NULL, hash bytea NOT NULL, last_at timestamptz NOT NULL,
  epoch int NOT NULL, token uuid, login name, host text, doing text,
  claimed_at timestamptz, heard_at timestamptz, ttl interval NOT NULL DEFAULT '30 s') WITH (fillfactor = 40);

-- No gap and no fork, whoever inserts: each line names the one before it by number and hash.
CREATE TABLE events (
  run bigint NOT NULL REFERENCES runs ON DELETE CASCADE, seq bigint NOT NULL, epoch int NOT NULL, kind text NOT NULL,
  line text NOT NULL CHECK (octet_length(line) <= 1048576), hash bytea NOT NULL,
  prev_seq bigint, prev_hash bytea,
  login name NOT NULL DEFAULT session_user, stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run, seq), UNIQUE (run, seq, hash),
  CHECK (hash = sha256(convert_to(line, 'UTF8'))),
  CHECK (seq >= 1 AND (prev_seq IS NULL) = (prev_hash IS NULL) AND prev_seq IS NOT DISTINCT FROM nullif(seq - 1, 0)),
  FOREIGN KEY (run, prev_seq, prev_hash) REFERENCES events (run, seq, hash) ON DELETE CASCADE);

-- What stays of a run that was removed, as its keeper wrote it.
CREATE TABLE pruned (
  id text PRIMARY KEY, root bytea NOT NULL, stone text NOT NULL,
  login name NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT clock_timestamp());

-- Lines are kept as they are: also the owner's DELETE is refused but by the removal of a whole run, whose stone is laid
-- in the same transaction.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = :schema, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_LEVEL = 'ROW' AND EXISTS (
    SELECT FROM pruned p, events e WHERE e.run = OLD.run AND e.seq = 1 AND p.root = e.hash
      AND p.xmin::text = pg_current_xact_id()::xid::text) THEN RETURN OLD; END IF;
  RAISE EXCEPTION '% of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'GN008';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One line's own words against where it is put. Its names are compared as a list, in order and once each: of two equal
-- names JSON takes the last, and whoever reads the line again refuses it.
CREATE FUNCTION line_fits(l text, p_id text, p_seq bigint, p_prev bytea, p_epoch int) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE j json := l::json;
BEGIN
  IF ARRAY(SELECT json_object_keys(j)) IS DISTINCT FROM '{actor,at,epoch,event,prev,run,seq,v}'::text[]
     OR (j->>'run') IS DISTINCT FROM p_id OR (j->>'seq')::bigint IS DISTINCT FROM p_seq
     OR (j->>'prev') IS DISTINCT FROM encode(p_prev, 'hex')
     OR (j->>'epoch')::int > p_epoch OR (j->>'epoch')::int < 1 THEN
    RAISE EXCEPTION 'line % does not follow', p_seq USING ERRCODE = 'GN005', DETAIL = p_seq::text; END IF;
  RETURN j;
END $$;

CREATE FUNCTION put(p_run bigint, p_seq bigint, j json, l text, p_prev bytea) RETURNS bytea LANGUAGE plpgsql SET search_path = :schema, pg_temp AS $$
DECLARE h bytea := sha256(convert_to(l, 'UTF8')); k text := j->'event'->>'kind';
BEGIN
  INSERT INTO events (run, seq, epoch, kind, line, hash, prev_seq, prev_hash)
    VALUES (p_run, p_seq, (j->>'epoch')::int, k, l, h, nullif(p_seq - 1, 0), CASE WHEN p_seq > 1 THEN p_prev END);
  -- What a list says of a run is what its lines say.
  IF k = 'run_finished' THEN
    UPDATE runs SET outcome = j->'event'->>'outcome', ended_at = (j->>'at')::timestamptz WHERE run = p_run;
    DELETE FROM environments e USING runs r WHERE r.run = p_run AND e.run = r.id;
  ELSIF k = 'rollback_begun' THEN
    UPDATE runs SET outcome = NULL, ended_at = NULL WHERE run = p_run;
  END IF;
  RETURN h;
END $$;

-- Has an environment for a run: nothing where it has it now, else who has it. A run that is over has none, and one that
-- never began has none for longer than a heartbeat may take.
CREATE FUNCTION hold(p_key text, p_environment text, p_run text, p_operator text, p_host text, p_since text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE e environments;
BEGIN
  INSERT INTO environments (key, environment, run, operator, host, since)
    VALUES (p_key, p_environment, p_run, p_operator, p_host, p_since) ON CONFLICT (key) DO NOTHING;
  IF FOUND THEN RETURN NULL; END IF;
  SELECT * INTO e FROM environments WHERE key = p_key FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'the environment was let go meanwhile' USING ERRCODE = 'GN012'; END IF;
  -- The same run has it again where its owner asks; another login that only knows its name has nothing of it.
  IF NOT (e.run = p_run AND (e.login = session_user
        OR EXISTS (SELECT FROM heads h JOIN runs r USING (run) WHERE r.id = p_run AND h.login = session_user)))
      AND (EXISTS (SELECT FROM runs r WHERE r.id = e.run AND r.outcome IS NULL)
      OR NOT EXISTS (SELECT FROM runs r WHERE r.id = e.run) AND clock_timestamp() < e.at + interval '30 s') THEN
    RETURN json_build_object('run', e.run, 'operator', e.operator, 'host', e.host, 'since', e.since, 'login', e.login,
      'doing', (SELECT h.doing FROM heads h JOIN runs r USING (run) WHERE r.id = e.run),
      'heard_s', (SELECT round(extract(epoch FROM clock_timestamp() - h.heard_at)) FROM heads h JOIN runs r USING (run) WHERE r.id = e.run))::text;
  END IF;
  UPDATE environments SET run = p_run, environment = p_environment, operator = p_operator, host = p_host, since = p_since,
    login = session_user, at = clock_timestamp() WHERE key = p_key;
  RETURN NULL;
END $$;

CREATE FUNCTION let_go(p_key text, p_run text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
  -- A run that goes on has its environment, whoever asks.
  DELETE FROM environments WHERE key = p_key AND run = p_run AND login = session_user
    AND NOT EXISTS (SELECT FROM runs r WHERE r.id = p_run AND r.outcome IS NULL)
$$;

-- A run, its fence and its first line: together or not at all. The same first line again is a lost answer.
CREATE FUNCTION start_run(p_id text, p_document bytea, p_host text, p_line text, OUT run bigint, OUT token uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE j json := line_fits(p_line, p_id, 1, '', 1); h bytea := sha256(convert_to(p_line, 'UTF8'));
BEGIN
  IF (j->'event'->>'kind') IS DISTINCT FROM 'run_started' OR (j->'event'->>'sha256') IS DISTINCT FROM encode(sha256(p_document), 'hex') THEN
    RAISE EXCEPTION 'line 1 starts no run of this document' USING ERRCODE = 'GN005', DETAIL = '1'; END IF;
  token := gen_random_uuid();
  SELECT r.run INTO run FROM runs r JOIN heads d USING (run) WHERE r.root = h AND d.seq = 1 AND d.login = session_user FOR UPDATE OF d;
  IF FOUND THEN UPDATE heads d SET token = start_run.token, heard_at = clock_timestamp() WHERE d.run = start_run.run; RETURN; END IF;
  IF EXISTS (SELECT FROM pruned p WHERE p.id = p_id) OR EXISTS (SELECT FROM runs r WHERE r.id = p_id) THEN
    RAISE EXCEPTION 'there is a run % already', p_id USING ERRCODE = 'GN011'; END IF;
  -- Whoever asks for it meanwhile waits, and then sees the run.
  PERFORM FROM environments e WHERE e.run = p_id AND e.login = session_user FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the run has no environment' USING ERRCODE = 'GN012'; END IF;
  INSERT INTO documents VALUES (sha256(p_document), p_document) ON CONFLICT DO NOTHING;
  INSERT INTO runs (id, root, document, environment)
    VALUES (p_id, h, sha256(p_document), j->'event'->>'environment') RETURNING runs.run INTO run;
  PERFORM put(run, 1, j, p_line, '');
  INSERT INTO heads (run, seq, hash, last_at, epoch, token, login, host, doing, claimed_at, heard_at)
    VALUES (run, 1, h, (j->>'at')::timestamptz, 1, token, session_user, p_host, 'starting', clock_timestamp(), clock_timestamp());
END $$;

-- Makes somebody the owner of a run. p_mine is the token of the process that owned it here before: who has that need not
-- wait for the silence. p_known is the highest number of an owner that the caller ever saw, so that one that was lost in a
-- failover is not given twice.
CREATE FUNCTION claim(p_id text, p_host text, p_known int, p_mine uuid, OUT run bigint, OUT epoch int, OUT token uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE h heads;
BEGIN
  SELECT d.* INTO h FROM heads d JOIN runs r USING (run) WHERE r.id = p_id FOR UPDATE OF d;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no run %', p_id USING ERRCODE = 'GN404'; END IF;
  IF h.token IS NOT NULL AND h.token IS DISTINCT FROM p_mine AND clock_timestamp() < h.heard_at + h.ttl THEN
    RAISE EXCEPTION 'owned' USING ERRCODE = 'GN001', DETAIL = json_build_object('login', h.login, 'host', h.host,
      'doing', h.doing, 'since', h.claimed_at, 'heard_s', round(extract(epoch FROM clock_timestamp() - h.heard_at)))::text; END IF;
  UPDATE heads d SET epoch = greatest(h.epoch, p_known) + 1, token = gen_random_uuid(), login = session_user, host = p_host,
    doing = 'taking it up', claimed_at = clock_timestamp(), heard_at = clock_timestamp() WHERE d.run = h.run
    RETURNING d.run, d.epoch, d.token INTO claim.run, claim.epoch, claim.token;
END $$;

-- Says that the owner is there, and what it does; releases the run where the process ends in order.
CREATE FUNCTION renew(p_run bigint, p_token uuid, p_doing text, p_release boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE h heads;
BEGIN
  UPDATE heads SET heard_at = clock_timestamp(), doing = coalesce(p_doing, doing), token = CASE WHEN NOT p_release THEN token END
    WHERE run = p_run AND token = p_token AND login = session_user;
  IF NOT FOUND THEN
    SELECT * INTO h FROM heads WHERE run = p_run;
    RAISE EXCEPTION 'fenced' USING ERRCODE = 'GN002', DETAIL = coalesce(h.epoch, 0)::text; END IF;
END $$;

-- The one way in for lines. The same bytes again are a success, other bytes at the same number a fork.
CREATE FUNCTION append(p_run bigint, p_token uuid, p_after bigint, p_prev bytea, p_lines text[]) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE h heads; v_id text; l text; n bigint := p_after; prev bytea := p_prev; hs bytea; j json; v_at timestamptz;
BEGIN
  SELECT * INTO h FROM heads WHERE run = p_run FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no such run' USING ERRCODE = 'GN404'; END IF;
  IF h.token IS DISTINCT FROM p_token OR h.login <> session_user THEN
    RAISE EXCEPTION 'fenced' USING ERRCODE = 'GN002', DETAIL = h.epoch::text; END IF;
  IF p_after > h.seq OR p_after = h.seq AND p_prev <> h.hash THEN
    RAISE EXCEPTION 'line % does not follow', p_after + 1 USING ERRCODE = 'GN005', DETAIL = (p_after + 1)::text; END IF;
  SELECT id INTO v_id FROM runs WHERE run = p_run;
  FOREACH l IN ARRAY p_lines LOOP
    n := n + 1;
    hs := sha256(convert_to(l, 'UTF8'));
    IF n <= h.seq THEN
      PERFORM FROM events e WHERE e.run = p_run AND e.seq = n AND e.hash = hs;
      IF NOT FOUND THEN RAISE EXCEPTION 'fork at %', n USING ERRCODE = 'GN005', DETAIL = n::text; END IF;
    ELSE
      j := line_fits(l, v_id, n, prev, h.epoch);
      PERFORM put(p_run, n, j, l, prev);
      v_at := (j->>'at')::timestamptz;
    END IF;
    prev := hs;
  END LOOP;
  UPDATE heads SET seq = greatest(seq, n), hash = CASE WHEN n > seq THEN prev ELSE hash END,
    last_at = coalesce(v_at, last_at), heard_at = clock_timestamp() WHERE run = p_run RETURNING hash INTO prev;
  RETURN prev;
END $$;

-- Removes a run that is over and that nobody owns, but for what its stone says.
CREATE FUNCTION prune(p_id text, p_stone text, p_mine uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = :schema, pg_temp AS $$
DECLARE r runs; h heads;
BEGIN
  SELECT * INTO r FROM runs WHERE id = p_id FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no run %', p_id USING ERRCODE = 'GN404'; END IF;
  SELECT * INTO h FROM heads WHERE run = r.run FOR UPDATE;
  IF r.outcome IS NULL THEN RAISE EXCEPTION 'the run is not over' USING ERRCODE = 'GN010'; END IF;
  IF h.token IS NOT NULL AND h.token IS DISTINCT FROM p_mine AND clock_timestamp() < h.heard_at + h.ttl THEN
    RAISE EXCEPTION 'owned' USING ERRCODE = 'GN001'; END IF;
  INSERT INTO pruned (id, root, stone) VALUES (p_id, r.root, p_stone);
  DELETE FROM events WHERE run = r.run AND seq > 1;
  DELETE FROM events WHERE run = r.run;
  DELETE FROM runs WHERE run = r.run;
  DELETE FROM documents d WHERE d.hash = r.document AND NOT EXISTS (SELECT FROM runs o WHERE o.document = d.hash);
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA :schema FROM PUBLIC;
GRANT USAGE ON SCHEMA :schema TO gonogo_observer;
GRANT SELECT ON store, documents, runs, environments, events, pruned TO gonogo_observer;
-- Never the token.
GRANT SELECT (run, seq, hash, last_at, epoch, login, host, doing, claimed_at, heard_at, ttl) ON heads TO gonogo_observer;
GRANT EXECUTE ON FUNCTION hold, let_go, start_run, claim, renew, append TO gonogo_operator;
GRANT EXECUTE ON FUNCTION prune TO gonogo_keeper;
RESET ROLE;
