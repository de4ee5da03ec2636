//! Rows of `data_plane_nodes`. They belong to the installation: every organization's components run on the same nodes.

use crate::{
    domain::{
        clock::Time,
        db::{Db, Tx},
        deployments::data_plane::NodePlatform,
    },
    execute, fetch_all,
};

const LIST: &str = "SELECT os, architecture, nodes FROM data_plane_nodes WHERE data_plane = $1 ORDER BY nodes DESC, os, architecture";
const DELETE_ALL: &str = "DELETE FROM data_plane_nodes WHERE data_plane = $1";
/// Another replica may have written since our deletion.
const PUT: &str = "INSERT INTO data_plane_nodes (data_plane, os, architecture, nodes, seen_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (data_plane, os, architecture) DO UPDATE SET nodes = excluded.nodes, seen_at = excluded.seen_at";

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
