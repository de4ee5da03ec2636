//! What every request passes before a page or a form sees it: who sends it from where, what it may carry, and the headers
//! that every answer carries. Who is signed in, and what they may do, is not known here.

mod client_address;
mod forms;
mod headers;
mod nul;
mod request_id;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{Extensions, StatusCode};
use ipnet::IpNet;
use tower_http::csrf::CsrfLayer;

pub use self::{
    client_address::ClientAddress,
    forms::{FormLimits, Forms, Kind, guard_forms, kind as kind_of_form},
    headers::Nonce,
    nul::in_form as without_nul,
    request_id::RequestId,
};
use crate::{
    config::Config,
    domain::{Origin, clock::Entropy, problem},
};

/// What [`secure`] needs to know.
#[derive(Clone)]
pub struct Security {
    entropy: Arc<dyn Entropy>,
    trusted_proxies: Arc<[IpNet]>,
    https: bool,
}

impl Security {
    /// Takes its part of the configuration.
    pub fn new(config: &Config, entropy: Arc<dyn Entropy>) -> Self {
        Self { entropy, trusted_proxies: config.trusted_proxies.clone().into(), https: config.is_https() }
    }
}

/// The outermost middleware: gives the request its [`RequestId`], [`ClientAddress`] and [`Nonce`] as extensions, and the
/// answer its security headers. The pages' context must provide the same nonce:
/// `provide_context(leptos::nonce::Nonce::from_value(nonce.0))`, which replaces the one that leptos_axum makes before it.
pub async fn secure(State(security): State<Security>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers(), &*security.entropy);
    let nonce = Nonce::new(&*security.entropy);
    let address = ClientAddress::of(&request, &security.trusted_proxies);
    if let Some(replaced) = nul::in_address(request.uri()) {
        *request.uri_mut() = replaced;
    }
    let extensions = request.extensions_mut();
    extensions.insert(id.clone());
    extensions.insert(nonce.clone());
    extensions.insert(address);
    let mut response = next.run(request).await;
    id.write(response.headers_mut());
    headers::write(response.headers_mut(), &nonce, security.https);
    response
}

/// Where a request came from, for the audit log and the limits of sign-in.
pub fn origin(extensions: &Extensions) -> Origin {
    Origin {
        address: extensions.get::<ClientAddress>().map(|address| address.0.to_string()).unwrap_or_default(),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    }
}

/// Refuses what another site's page sends (403). Calls without `Sec-Fetch-Site` and `Origin`, such as a pipeline's, pass.
/// The base URL is trusted by name, because a proxy may rewrite `Host`.
pub fn csrf_layer(config: &Config) -> anyhow::Result<CsrfLayer<CrossSite>> {
    Ok(CsrfLayer::new().add_trusted_origin(&config.base_url)?.with_rejection_response(cross_site as CrossSite))
}

type CrossSite = fn(tower_http::csrf::ProtectionError) -> Response;

fn cross_site(_: tower_http::csrf::ProtectionError) -> Response {
    refuse(StatusCode::FORBIDDEN, "cross_site")
}

/// A plain answer from the catalogue. Its [`problem::Entry`] is an extension of the response, so that an outer layer can
/// show it as a page or as a problem document.
pub(super) fn refuse(status: StatusCode, code: &str) -> Response {
    let entry = *problem::entry(code);
    let mut response = (status, format!("{} {}\n", entry.sentence, entry.next)).into_response();
    response.extensions_mut().insert(entry);
    response
}

#[cfg(test)]
mod tests;
