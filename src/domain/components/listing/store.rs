//! Rows of the listing: a component and its newest deployment in an environment.

use uuid::Uuid;

use super::{Filter, First, Kind, PAGE, Status};
use crate::{
    domain::{clock::Time, db::Db, deployments::State, images::ImageReference},
    fetch_all, fetch_optional,
};

/// A component in one environment; without a deployment there, the last four are `None`.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) display_name: String,
    #[sqlx(try_from = "String")]
    pub(super) kind: Kind,
    #[sqlx(try_from = "String")]
    pub(super) image: ImageReference,
    pub(super) is_being_deleted: bool,
    environment_id: Option<Uuid>,
    state: Option<String>,
    deployed_by: Option<String>,
    deployed_at: Option<Time>,
}

impl Row {
    pub(super) fn status(&self) -> Option<Status> {
        Some(Status {
            environment_id: self.environment_id?,
            state: State::try_from(self.state.clone()?).ok()?,
            created_by: self.deployed_by.clone()?,
            created_at: self.deployed_at?,
        })
    }
}

// The page first, by the index of names; then two steps of an index for each of its rows and environments.
const LIST: &str = "WITH page AS (SELECT id, name, display_name, kind, image, deletion_asked_at IS NOT NULL AS is_being_deleted
        FROM components WHERE organization_id = $1 AND project_id = $2 AND name > $3 ORDER BY name LIMIT $4)
    SELECT page.id, page.name, page.display_name, page.kind, page.image, page.is_being_deleted,
        newest.environment_id,
        CASE WHEN newest.state = 'active' AND newest.replicas = 0 THEN 'stopped' ELSE newest.state END AS state, newest.created_by AS deployed_by, newest.created_at AS deployed_at
    FROM page LEFT JOIN environments ON environments.organization_id = $1
    LEFT JOIN deployments AS newest ON newest.id = (SELECT id FROM deployments
        WHERE component_id = page.id AND environment_id = environments.id ORDER BY id DESC LIMIT 1)
    ORDER BY page.name, environments.position";

const LIST_FILTERED: &str = "WITH page AS (SELECT id, name, display_name, kind, image, deletion_asked_at IS NOT NULL AS is_being_deleted
        FROM components WHERE organization_id = $1 AND project_id = $2 AND name > $3
        AND ($5 = '' OR name LIKE $5 ESCAPE '!' OR lower(display_name) LIKE $5 ESCAPE '!' OR lower(image) LIKE $5 ESCAPE '!')
        AND ($6 = '' OR kind = $6)
        AND ($7 = '' OR ($7 = 'being_deleted' AND deletion_asked_at IS NOT NULL)
            OR ($7 = 'not_deployed' AND NOT EXISTS (SELECT 1 FROM deployments WHERE component_id = components.id))
            OR EXISTS (SELECT 1 FROM environments JOIN deployments ON deployments.id = (SELECT id FROM deployments
                    WHERE component_id = components.id AND environment_id = environments.id ORDER BY id DESC LIMIT 1)
                WHERE environments.organization_id = $1 AND ((deployments.state = $7 AND deployments.replicas > 0) OR ($7 = 'stopped' AND deployments.state = 'active' AND deployments.replicas = 0)
                    OR ($7 = 'deploying' AND deployments.state IN ('queued', 'resolving', 'applying', 'rolling_out')))))
        ORDER BY name LIMIT $4)
    SELECT page.id, page.name, page.display_name, page.kind, page.image, page.is_being_deleted,
        newest.environment_id,
        CASE WHEN newest.state = 'active' AND newest.replicas = 0 THEN 'stopped' ELSE newest.state END AS state, newest.created_by AS deployed_by, newest.created_at AS deployed_at
    FROM page LEFT JOIN environments ON environments.organization_id = $1
    LEFT JOIN deployments AS newest ON newest.id = (SELECT id FROM deployments
        WHERE component_id = page.id AND environment_id = environments.id ORDER BY id DESC LIMIT 1)
    ORDER BY page.name, environments.position";

const FIRST: &str = "SELECT projects.name AS project, components.name AS component FROM components
    JOIN projects ON projects.id = components.project_id
    WHERE components.organization_id = $1 AND components.deletion_asked_at IS NULL ORDER BY components.id LIMIT 1";

pub(super) async fn first(db: &Db, organization_id: Uuid) -> Result<Option<First>, sqlx::Error> {
    fetch_optional!(db, First, FIRST, organization_id)
}

pub(super) async fn page(db: &Db, organization_id: Uuid, project_id: Uuid, after: &str) -> Result<Vec<Row>, sqlx::Error> {
    fetch_all!(db, Row, LIST, organization_id, project_id, after, PAGE as i64 + 1)
}

pub(super) async fn filtered_page(
    db: &Db,
    organization_id: Uuid,
    project_id: Uuid,
    after: &str,
    filter: &Filter,
) -> Result<Vec<Row>, sqlx::Error> {
    let kind = filter.kind.map(Kind::as_str).unwrap_or_default();
    let status = filter.status.map(super::StatusFilter::as_str).unwrap_or_default();
    let search = pattern(&filter.search);
    fetch_all!(db, Row, LIST_FILTERED, organization_id, project_id, after, PAGE as i64 + 1, &search, kind, status)
}

/// A `LIKE` pattern for text that has `search` in it, lower-cased; empty for an empty search.
fn pattern(search: &str) -> String {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return search;
    }
    format!("%{}%", search.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn what_is_searched_for_is_text_and_no_pattern() {
        assert_eq!(pattern("  "), "");
        assert_eq!(pattern(" Web_Shop 100%! "), "%web!_shop 100!%!!%");
    }
}
