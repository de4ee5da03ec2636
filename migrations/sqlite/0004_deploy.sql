-- What kind of order a deployment is, what it goes back to, and why.
ALTER TABLE deployments ADD COLUMN action TEXT NOT NULL DEFAULT 'deploy';
-- The deployment whose release this one takes: promoted, deployed again, rolled back to, stopped or started.
ALTER TABLE deployments ADD COLUMN source_id BLOB REFERENCES deployments (id);
ALTER TABLE deployments ADD COLUMN reason TEXT;
-- 0: stopped. Of a task, its schedule is suspended.
ALTER TABLE deployments ADD COLUMN replicas INTEGER NOT NULL DEFAULT 1;
-- Name of the endpoint that has the component's own path.
ALTER TABLE deployments ADD COLUMN default_endpoint TEXT;
-- Fields that other managers own are taken over.
ALTER TABLE deployments ADD COLUMN takes_over INTEGER NOT NULL DEFAULT 0;
ALTER TABLE components ADD COLUMN default_endpoint TEXT;
-- After a failed deployment the release before it is applied again.
ALTER TABLE components ADD COLUMN auto_rollback INTEGER NOT NULL DEFAULT 0;
-- First label of the host under which an environment's Public endpoints answer; given once, so that renames move nothing.
ALTER TABLE environments ADD COLUMN host_prefix TEXT;
CREATE UNIQUE INDEX environments_by_host_prefix ON environments (host_prefix);

-- The objects that a deployment was made of, as they were applied; the content of secrets is left out.
CREATE TABLE deployment_objects (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    deployment_id BLOB NOT NULL REFERENCES deployments (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    -- YAML.
    manifest TEXT NOT NULL,
    PRIMARY KEY (deployment_id, position)
) STRICT;

-- Contents of schema files: each once in an organization, however many components and deployments have it.
CREATE TABLE file_contents (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    -- SHA-256, 64 hex digits.
    sha256 TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (organization_id, sha256)
) STRICT;
-- The schema files that a component's endpoints may name.
CREATE TABLE component_schemas (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    component_id BLOB NOT NULL REFERENCES components (id),
    file_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- In a few words: `OpenAPI 3.1, 12 paths`.
    summary TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (component_id, file_name)
) STRICT;
-- Those that a deployment was made with.
CREATE TABLE deployment_schemas (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    deployment_id BLOB NOT NULL REFERENCES deployments (id),
    file_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (deployment_id, file_name)
) STRICT;

-- What a data plane offers, as seen last: JSON.
CREATE TABLE data_planes (
    name TEXT PRIMARY KEY,
    capabilities TEXT NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- A stop is a deployment of its own, which uses what the stopped one used.
DROP VIEW registry_uses;
CREATE VIEW registry_uses AS SELECT registry_id, project_id, environment_id FROM deployments
    WHERE state IN ('queued', 'resolving', 'applying', 'rolling_out', 'active')
    OR ((state = 'cancelled' OR (state = 'failed' AND applied_at IS NOT NULL)) AND NOT EXISTS (
        SELECT 1 FROM deployments AS later WHERE later.component_id = deployments.component_id
        AND later.environment_id = deployments.environment_id AND later.id > deployments.id AND later.applied_at IS NOT NULL));

-- Who may claim asks what is leased, of few rows among many.
CREATE INDEX deployments_leased ON deployments (component_id) WHERE lease_until > 0;
CREATE INDEX deployments_by_digest ON deployments (component_id, digest, id) WHERE digest IS NOT NULL;
