//! Whether an endpoint can be Public where it would run, and what the form says of it.

use crate::{
    domain::{
        endpoints::EndpointKind,
        nodes,
        problem::Result,
        routes::{self, Capabilities, Entrance},
    },
    web::request::Request,
};

/// What is known of the data plane's way in.
pub(super) struct Public {
    entrance: Entrance,
    /// None: not known yet. Then nothing is refused.
    capabilities: Option<Capabilities>,
}

impl Public {
    pub(super) async fn load(request: &Request) -> Result<Self> {
        let capabilities = nodes::capabilities(&request.app.context).await?;
        Ok(Self { entrance: request.app.data_plane.entrance().clone(), capabilities })
    }

    /// Why an endpoint of a kind would not answer from outside: one sentence.
    pub(super) fn obstacle(&self, kind: EndpointKind) -> Option<&'static str> {
        routes::public_by(kind, &self.entrance, self.capabilities.as_ref()?).err()
    }

    /// Why the choice is not offered. Other kinds may be chosen before their way in exists; gRPC has no other way.
    pub(super) fn refusal(&self, kind: EndpointKind) -> Option<&'static str> {
        self.obstacle(kind).filter(|_| kind == EndpointKind::Grpc)
    }
}
