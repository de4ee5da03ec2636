//! Rows of `data_plane_nodes` and `data_planes`. They belong to the installation: every organization's components run on the same nodes.

use sqlx::types::Json;

use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
        deployments::data_plane::NodePlatform,
        routes::Capabilities,
    },
    execute, fetch_all, fetch_optional,
};

const LIST: &str = "SELECT os, architecture, nodes FROM data_plane_nodes WHERE data_plane = $1 ORDER BY nodes DESC, os, architecture";
const DELETE_ALL: &str = "DELETE FROM data_plane_nodes WHERE data_plane = $1";
/// Another replica may have written since our deletion.
const PUT: &str = "INSERT INTO data_plane_nodes (data_plane, os, architecture, nodes, seen_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (data_plane, os, architecture) DO UPDATE SET nodes = excluded.nodes, seen_at = excluded.seen_at";
const CAPABILITIES: &str = "SELECT capabilities FROM data_planes WHERE name = $1";
const PUT_CAPABILITIES: &str = "INSERT INTO data_planes (name, capabilities, seen_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET capabilities = excluded.capabilities, seen_at = excluded.seen_at";

#[derive(sqlx::FromRow)]
struct Offered {
    capabilities: Json<Capabilities>,
}

pub(super) async fn capabilities(db: &Db, data_plane: &str) -> Result<Option<Capabilities>, sqlx::Error> {
    let row: Option<Offered> = fetch_optional!(db, Offered, CAPABILITIES, data_plane)?;
    Ok(row.map(|row| row.capabilities.0))
}

pub(super) async fn put_capabilities(tx: &mut Tx, data_plane: &str, seen: &Capabilities, now: Time) -> Result<(), sqlx::Error> {
    execute!(tx, PUT_CAPABILITIES, data_plane, Json(seen), now)?;
    Ok(())
}

pub(super) async fn list(db: &Db, data_plane: &str) -> Result<Vec<NodePlatform>, sqlx::Error> {
    fetch_all!(db, NodePlatform, LIST, data_plane)
}

/// Puts what is seen in the place of what was.
pub(super) async fn replace(tx: &mut Tx, data_plane: &str, seen: &[NodePlatform], now: Time) -> Result<(), sqlx::Error> {
    execute!(tx, DELETE_ALL, data_plane)?;
    // In one order, so that two replicas never wait for each other in a circle.
    let mut seen: Vec<&NodePlatform> = seen.iter().collect();
    seen.sort();
    for platform in seen {
        execute!(tx, PUT, data_plane, &platform.os, &platform.architecture, platform.nodes, now)?;
    }
    Ok(())
}
