//! Rows of `deployments` as the history and the pipeline read them.

use uuid::Uuid;

use super::{Deployment, PAGE, history::Filter};
use crate::{
    domain::{components::search_pattern, db::Db},
    fetch_all,
};

// Two steps of the index for each environment.
const STANDING: &str = "WITH chosen AS (SELECT (SELECT id FROM deployments
            WHERE component_id = $2 AND environment_id = environments.id ORDER BY id DESC LIMIT 1) AS id
        FROM environments WHERE organization_id = $1
        UNION SELECT (SELECT id FROM deployments
            WHERE component_id = $2 AND environment_id = environments.id AND state = 'active' ORDER BY id DESC LIMIT 1)
        FROM environments WHERE organization_id = $1)
    SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload, profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over
    FROM deployments WHERE organization_id = $1 AND component_id = $2 AND id IN (SELECT id FROM chosen) ORDER BY id DESC";

const FILTERED: &str =
    "SELECT id, organization_id, project_id, component_id, environment_id, registry_id, image, digest, endpoints_yaml, workload, profile, state,
    snapshot, problem_code, problem_message, problem_next, log_tail, created_by, created_at, resolved_at, applied_at, ended_at, attempts,
    action, source_id, reason, replicas, default_endpoint, takes_over
    FROM deployments WHERE organization_id = $1 AND component_id = $2 AND id < $3
    AND ($5 = '' OR environment_id = (SELECT id FROM environments WHERE organization_id = $1 AND name = $5))
    AND ($6 = '' OR ($6 = 'deploying' AND state IN ('queued', 'resolving', 'applying', 'rolling_out'))
        OR ($6 = 'stopped' AND (state = 'stopped' OR (state = 'active' AND replicas = 0)))
        OR ($6 = 'active' AND state = 'active' AND replicas <> 0)
        OR ($6 NOT IN ('stopped', 'active') AND state = $6))
    AND ($7 = '' OR action = $7) AND ($8 = '' OR lower(created_by) LIKE $8 ESCAPE '!')
    ORDER BY id DESC LIMIT $4";

/// The newest deployment of each environment and the one that is Active there, newest first.
pub(super) async fn standing(db: &Db, organization_id: Uuid, component_id: Uuid) -> Result<Vec<Deployment>, sqlx::Error> {
    fetch_all!(db, Deployment, STANDING, organization_id, component_id)
}

pub(super) async fn filtered(
    db: &Db,
    organization_id: Uuid,
    component_id: Uuid,
    before: Uuid,
    filter: &Filter,
) -> Result<Vec<Deployment>, sqlx::Error> {
    let state = filter.state.map(|state| state.as_str()).unwrap_or_default();
    let action = filter.action.map(|action| action.as_str()).unwrap_or_default();
    let (environment, by, limit) = (&filter.environment, search_pattern(&filter.by), PAGE as i64 + 1);
    fetch_all!(db, Deployment, FILTERED, organization_id, component_id, before, limit, environment, state, action, &by)
}
