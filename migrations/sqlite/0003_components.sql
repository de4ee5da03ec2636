-- What a component is beside its image: its kind's own settings, as JSON with the kind in "type".
ALTER TABLE components ADD COLUMN workload TEXT NOT NULL DEFAULT '{"type":"service"}';
-- The security profile of its pods.
ALTER TABLE components ADD COLUMN profile TEXT NOT NULL DEFAULT 'default';
-- A repository besides its own that a pipeline may deploy; canonical, without tag.
ALTER TABLE components ADD COLUMN webhook_repository TEXT;
-- One more with every change of its settings, so that of two people who edit at once the second one is told.
ALTER TABLE components ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
-- Somebody asked for its deletion: it goes when nothing of it is left on any data plane.
ALTER TABLE components ADD COLUMN deletion_asked_at INTEGER;
ALTER TABLE components ADD COLUMN deletion_asked_by TEXT;
-- The listing goes by name, which has an index of its own.
DROP INDEX components_by_project;

-- A release keeps what it was made with.
ALTER TABLE deployments ADD COLUMN workload TEXT NOT NULL DEFAULT '{"type":"service"}';
ALTER TABLE deployments ADD COLUMN profile TEXT NOT NULL DEFAULT 'default';

-- What of a component that is being deleted has yet to go, by environment.
CREATE TABLE component_removals (
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    component_id BLOB NOT NULL REFERENCES components (id),
    project_id BLOB NOT NULL REFERENCES projects (id),
    environment_id BLOB NOT NULL REFERENCES environments (id),
    -- Why it is still there: the data plane's words, or what it waits for; NULL = not tried yet.
    waits_for TEXT,
    -- What was still there at the last look, as JSON; NULL = nobody could look yet.
    still_there TEXT,
    -- Looks at which something was still there.
    looks INTEGER NOT NULL,
    -- The last try failed, or it has been going on for too long.
    is_stuck INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    -- By the database's clock:
    not_before INTEGER NOT NULL,
    lease_owner BLOB,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (component_id, environment_id)
) STRICT;
CREATE INDEX component_removals_by_due ON component_removals (not_before);

-- When something of an organization became Active for the first time: its first steps are done, whatever it deletes later.
ALTER TABLE organizations ADD COLUMN first_active_at INTEGER;
UPDATE organizations SET first_active_at = (SELECT min(ended_at) FROM deployments
    WHERE deployments.organization_id = organizations.id AND state IN ('active', 'replaced', 'stopped'));

-- Platforms that the nodes of a data plane have, as seen last: images are looked at by them.
CREATE TABLE data_plane_nodes (
    data_plane TEXT NOT NULL,
    os TEXT NOT NULL,
    architecture TEXT NOT NULL,
    nodes INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (data_plane, os, architecture)
) STRICT;
