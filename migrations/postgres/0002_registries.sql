-- A registry's vendor, life of its credential, and how it is checked.
ALTER TABLE registries ADD COLUMN vendor TEXT NOT NULL DEFAULT 'other';
UPDATE registries SET vendor = CASE
    WHEN host = 'docker.io' THEN 'docker_hub'
    WHEN host = 'ghcr.io' THEN 'ghcr'
    WHEN host = 'quay.io' THEN 'quay'
    WHEN host = 'registry.gitlab.com' THEN 'gitlab'
    WHEN host LIKE '%.azurecr.io' THEN 'azure'
    WHEN host LIKE '%-docker.pkg.dev' OR host IN ('gcr.io', 'us.gcr.io', 'eu.gcr.io', 'asia.gcr.io') THEN 'google'
    WHEN host LIKE '%.dkr.ecr.%.amazonaws.com' THEN 'ecr'
    ELSE 'other' END;
-- Of a Docker config whose key has a path: the credential serves only repositories under it.
ALTER TABLE registries ADD COLUMN path_prefix TEXT;
-- PEM of issuers besides those the machine trusts.
ALTER TABLE registries ADD COLUMN ca_certificates TEXT;
-- Repository from which a check tries to pull.
ALTER TABLE registries ADD COLUMN test_repository TEXT;
ALTER TABLE registries ADD COLUMN expires_at BIGINT;
-- One more with every new credential or host: what lies on data planes is compared with it.
ALTER TABLE registries ADD COLUMN credential_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE registries ADD COLUMN credential_changed_by TEXT;
ALTER TABLE registries ADD COLUMN credential_changed_at BIGINT;
-- One more with every change, so that of two people who edit at once the second one is told.
ALTER TABLE registries ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- JSON of what the last check that went well found.
ALTER TABLE registries ADD COLUMN check_report JSONB;
-- By the database's clock: when it is checked again without being asked.
ALTER TABLE registries ADD COLUMN next_check_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX registries_by_next_check ON registries (next_check_at) WHERE authentication <> 'vendor_specific';

-- Where a registry's credential lies on a data plane: one Secret in the namespace of a project in an environment.
CREATE TABLE pull_secrets (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    registry_id UUID NOT NULL REFERENCES registries (id),
    project_id UUID NOT NULL REFERENCES projects (id),
    environment_id UUID NOT NULL REFERENCES environments (id),
    -- NULL until it was applied for the first time.
    uid TEXT,
    -- The credential's version that lies there; 0 = none yet.
    applied_version BIGINT NOT NULL,
    applied_at BIGINT,
    -- Why it could not be brought there last; NULL = it was.
    problem TEXT,
    attempts INTEGER NOT NULL,
    -- By the database's clock:
    not_before BIGINT NOT NULL,
    lease_owner UUID,
    lease_until BIGINT NOT NULL,
    PRIMARY KEY (registry_id, project_id, environment_id)
);
CREATE INDEX pull_secrets_by_due ON pull_secrets (not_before);
CREATE INDEX pull_secrets_by_place ON pull_secrets (project_id, environment_id);

-- Deployments whose pods may list a registry's Secret: what runs or is on its way, and what failed after it was applied or
-- was cancelled while it was, as long as nothing later took its place, for the cluster goes on trying.
CREATE VIEW registry_uses AS SELECT registry_id, project_id, environment_id FROM deployments
    WHERE state IN ('queued', 'resolving', 'applying', 'rolling_out', 'active', 'stopped')
    OR ((state = 'cancelled' OR (state = 'failed' AND applied_at IS NOT NULL)) AND NOT EXISTS (
        SELECT 1 FROM deployments AS later WHERE later.component_id = deployments.component_id
        AND later.environment_id = deployments.environment_id AND later.id > deployments.id AND later.applied_at IS NOT NULL));
CREATE INDEX deployments_by_registry ON deployments (registry_id, project_id, environment_id, state);

-- Tags whose image was looked at: only they can say when it was built.
CREATE TABLE inspected_tags (
    organization_id UUID NOT NULL REFERENCES organizations (id),
    registry_id UUID NOT NULL REFERENCES registries (id) ON DELETE CASCADE,
    repository TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    built_at BIGINT,
    inspected_at BIGINT NOT NULL,
    PRIMARY KEY (registry_id, repository, tag)
);
CREATE INDEX inspected_tags_by_age ON inspected_tags (inspected_at);
