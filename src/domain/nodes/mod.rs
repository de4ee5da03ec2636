//! Platforms of the data plane's nodes, by which images are looked at, and what it offers for endpoints, as seen last. [`Watch`] asks the data plane;
//! everybody else reads rows.

mod store;
mod watch;

use std::fmt;

pub use self::watch::Watch;
use super::{Context, deployments::data_plane::NodePlatform, problem::Result, routes::Capabilities};

/// What rows call the one data plane that this version has.
const DATA_PLANE: &str = "configured";

/// The platforms that were seen last, most nodes first; none: not known yet.
pub async fn platforms(context: &Context) -> Result<Vec<NodePlatform>> {
    Ok(store::list(&context.db, DATA_PLANE).await?)
}

/// What the data plane offers for endpoints, as seen last; none: not known yet.
pub async fn capabilities(context: &Context) -> Result<Option<Capabilities>> {
    Ok(store::capabilities(&context.db, DATA_PLANE).await?)
}

/// As images name it: `linux/arm64`.
impl fmt::Display for NodePlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)
    }
}
