//! The Component Listing of a project: by name, a page at a time, searched and filtered. Reads only.

mod store;
#[cfg(test)]
mod tests;

use uuid::Uuid;

pub(in crate::domain) use self::store::pattern as search_pattern;

use super::Kind;
use crate::domain::{Caller, Context, clock::Time, deployments::State, images::ImageReference, organizations::Project, problem::Result};

/// How many rows a page of the listing has.
pub const PAGE: usize = 50;

/// What a listing is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Part of the name, the display name or the image, whatever its case; empty: all.
    pub search: String,
    pub kind: Option<Kind>,
    /// In any environment.
    pub status: Option<StatusFilter>,
}

/// What a listing can be narrowed to by how components stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusFilter {
    NotDeployed,
    Deploying,
    Active,
    Failed,
    Stopped,
    BeingDeleted,
}

impl StatusFilter {
    pub const ALL: [Self; 6] = [Self::NotDeployed, Self::Deploying, Self::Active, Self::Failed, Self::Stopped, Self::BeingDeleted];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotDeployed => "not_deployed",
            Self::Deploying => "deploying",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::BeingDeleted => "being_deleted",
        }
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotDeployed => "Not deployed",
            Self::Deploying => "Deploying",
            Self::Active => "Active",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::BeingDeleted => "Being deleted",
        }
    }
}

impl TryFrom<String> for StatusFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(text)
    }
}

/// A component in a listing: what a row shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: Uuid,
    pub name: String,
    pub display_name: String,
    pub kind: Kind,
    pub image: ImageReference,
    pub is_being_deleted: bool,
    /// Its newest deployment in each environment that has one.
    pub statuses: Vec<Status>,
}

/// The newest deployment of a component in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    pub environment_id: Uuid,
    pub state: State,
    pub created_by: String,
    pub created_at: Time,
}

impl Listed {
    /// The newest deployment of all.
    pub fn last(&self) -> Option<&Status> {
        self.statuses.iter().max_by_key(|status| status.created_at)
    }
}

/// A page of a project's components by name, after the one named (exclusive), each with its newest deployment in every
/// environment. One row more than [`PAGE`] tells that there is another page.
pub async fn list(context: &Context, caller: &Caller, project: &Project, filter: &Filter, after: Option<&str>) -> Result<Vec<Listed>> {
    let after = after.unwrap_or_default();
    let rows = if *filter == Filter::default() {
        store::page(&context.db, caller.organization_id, project.id, after).await?
    } else {
        store::filtered_page(&context.db, caller.organization_id, project.id, after, filter).await?
    };
    Ok(gathered(rows))
}

/// By its names, a component and the project it is in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct First {
    pub project: String,
    pub component: String,
}

/// The organization's oldest component that is not being deleted: for the first steps, which lead to it.
pub async fn first(context: &Context, caller: &Caller) -> Result<Option<First>> {
    Ok(store::first(&context.db, caller.organization_id).await?)
}

/// Rows of one component stand beside each other, one for each environment.
fn gathered(rows: Vec<store::Row>) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    for row in rows {
        let status = row.status();
        match listed.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.statuses.extend(status),
            None => listed.push(Listed {
                id: row.id,
                name: row.name,
                display_name: row.display_name,
                kind: row.kind,
                image: row.image,
                is_being_deleted: row.is_being_deleted,
                statuses: status.into_iter().collect(),
            }),
        }
    }
    listed
}
