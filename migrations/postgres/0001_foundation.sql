-- The database's own clock, in microseconds since 1970 UTC: leases are measured by it.
CREATE VIEW database_clock AS SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::BIGINT AS now;

-- Facts of this installation: key check value, setup code.
CREATE TABLE instance (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE organizations (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE people (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    time_zone TEXT,
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    person_id UUID NOT NULL REFERENCES people (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, person_id)
);
CREATE INDEX memberships_by_person ON memberships (person_id);

-- tower-sessions' records. A session belongs to a person, not to an organization.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    person_id UUID REFERENCES people (id),
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_person ON sessions (person_id);

-- Form values too large for the flash of a session.
CREATE TABLE drafts (
    id UUID PRIMARY KEY,
    session_id TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX drafts_by_age ON drafts (created_at);

-- Failed sign-ins, counted per account and per address; kept for the window only.
CREATE TABLE sign_in_failures (
    id UUID PRIMARY KEY,
    account_key TEXT NOT NULL,
    address TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account_key, at);
CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, at);

CREATE TABLE projects (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

CREATE TABLE environments (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    position INTEGER NOT NULL,
    production BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name)
);

-- The Kubernetes namespace of a project in an environment: computed once, so that renames move nothing.
CREATE TABLE namespaces (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    project_id UUID NOT NULL REFERENCES projects (id),
    environment_id UUID NOT NULL REFERENCES environments (id),
    name TEXT NOT NULL UNIQUE,
    PRIMARY KEY (project_id, environment_id)
);

CREATE TABLE registries (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    display_name TEXT NOT NULL,
    display_name_key TEXT NOT NULL,
    authentication TEXT NOT NULL,
    host TEXT NOT NULL,
    username TEXT,
    -- The password, sealed by the vault for this organization and row.
    sealed_password BYTEA,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    checked_at BIGINT,
    -- NULL: the last check went well; else the code of what failed, and its sentence.
    check_problem TEXT,
    check_message TEXT,
    UNIQUE (organization_id, display_name_key)
);

CREATE TABLE components (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    project_id UUID NOT NULL REFERENCES projects (id),
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    registry_id UUID NOT NULL REFERENCES registries (id),
    -- Canonical reference, as the next deployment would use it.
    image TEXT NOT NULL,
    endpoints_yaml TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);
CREATE INDEX components_by_registry ON components (registry_id);
CREATE INDEX components_by_project ON components (project_id, id);

-- An immutable release of a component to an environment. Only state, lease and what the worker found change.
CREATE TABLE deployments (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    project_id UUID NOT NULL REFERENCES projects (id),
    component_id UUID NOT NULL REFERENCES components (id),
    environment_id UUID NOT NULL REFERENCES environments (id),
    registry_id UUID NOT NULL REFERENCES registries (id),
    image TEXT NOT NULL,
    digest TEXT,
    endpoints_yaml TEXT NOT NULL,
    state TEXT NOT NULL,
    -- JSON of the last snapshot of the rollout.
    snapshot JSONB,
    problem_code TEXT,
    problem_message TEXT,
    problem_next TEXT,
    log_tail TEXT,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    resolved_at BIGINT,
    applied_at BIGINT,
    ended_at BIGINT,
    attempts INTEGER NOT NULL,
    -- By the database's clock:
    not_before BIGINT NOT NULL,
    lease_owner UUID,
    lease_until BIGINT NOT NULL
);
CREATE INDEX deployments_by_component ON deployments (component_id, environment_id, id);
CREATE INDEX deployments_open ON deployments (not_before) WHERE state IN ('queued', 'resolving', 'applying', 'rolling_out');

CREATE TABLE deployment_events (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    deployment_id UUID NOT NULL REFERENCES deployments (id),
    at BIGINT NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL
);
CREATE INDEX deployment_events_by_deployment ON deployment_events (deployment_id, id);

-- Uids of the objects that Slipway made for a component in an environment.
CREATE TABLE cluster_objects (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    component_id UUID NOT NULL REFERENCES components (id),
    environment_id UUID NOT NULL REFERENCES environments (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    PRIMARY KEY (component_id, environment_id, kind, name)
);

-- What live pages follow: one row a change, fed to event streams by its sequence.
CREATE TABLE changes (
    sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    component_id UUID NOT NULL,
    at BIGINT NOT NULL
);

-- Who did what. Append-only: no statement updates or deletes here.
CREATE TABLE audit (
    id UUID PRIMARY KEY,
    organization_id UUID NOT NULL REFERENCES organizations (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id UUID,
    target_name TEXT NOT NULL,
    detail JSONB NOT NULL
);
CREATE INDEX audit_by_organization ON audit (organization_id, id);

-- Wakes every replica's feed and worker when a change is committed.
CREATE FUNCTION notify_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('slipway_changes', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER notify_changes AFTER INSERT ON changes FOR EACH STATEMENT EXECUTE FUNCTION notify_changes();
