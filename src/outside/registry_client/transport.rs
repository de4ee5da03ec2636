//! One request to one address: URLs, redirects and bounds. Owns that nothing is connected to which egress, TLS or the
//! list of plain HTTP hosts forbid, and that a credential stays with the origin it was meant for. Knows no protocol.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use http::{HeaderValue, Method, header};
use reqwest::{Response, dns::Resolve};
use serde::de::DeserializeOwned;
use url::Url;

use super::{
    clients::Clients,
    failure::{address, egress_refused, of_request, unexpected},
};
use crate::{
    config::Egress,
    domain::{images, registries::client::RegistryProblem},
    outside::egress::{self, Resolver},
};

const MAX_REDIRECTS: usize = 5;

pub(super) struct Transport {
    clients: Clients,
    egress: Egress,
    /// `host:port` in lower case.
    plain_http: BTreeSet<String>,
}

/// A request without a body.
pub(super) struct Ask<'a> {
    pub method: Method,
    pub url: Url,
    pub accept: Option<&'static str>,
    pub authorization: Option<&'a HeaderValue>,
    /// PEM of the issuers that are trusted besides the machine's.
    pub ca_certificates: Option<&'a str>,
}

impl Transport {
    pub(super) fn new(egress: Egress, plain_http: &BTreeSet<String>, connect_limit: Duration) -> anyhow::Result<Self> {
        Self::over(Arc::new(Resolver::new(egress)), egress, plain_http, connect_limit)
    }

    pub(super) fn over(
        resolver: Arc<dyn Resolve>,
        egress: Egress,
        plain_http: &BTreeSet<String>,
        connect_limit: Duration,
    ) -> anyhow::Result<Self> {
        let clients = Clients::new(resolver, connect_limit)?;
        let plain_http = plain_http.iter().filter_map(|host| base_url("http", host)).filter_map(|url| host_and_port(&url)).collect();
        Ok(Self { clients, egress, plain_http })
    }

    /// The root URL of a registry, from its host as a person writes it.
    pub(super) fn origin(&self, host: &str) -> Result<Url, RegistryProblem> {
        let host = api_host(host.trim());
        let plain = base_url("http", host).filter(|url| self.may_be_plain(url));
        let not_a_host = || RegistryProblem::HostNotFound { host: host.to_owned() };
        plain.or_else(|| base_url("https", host)).ok_or_else(not_a_host)
    }

    /// Sends a request and follows its redirects; the method stays. The answer's body is not read.
    pub(super) async fn send(&self, ask: Ask<'_>) -> Result<Response, RegistryProblem> {
        let Ask { method, mut url, accept, mut authorization, ca_certificates } = ask;
        self.permit(&url)?;
        let http = self.clients.trusting(ca_certificates, &url)?;
        for _ in 0..=MAX_REDIRECTS {
            let mut request = http.request(method.clone(), url.clone());
            if let Some(accept) = accept {
                request = request.header(header::ACCEPT, accept);
            }
            if let Some(authorization) = authorization {
                request = request.header(header::AUTHORIZATION, authorization.clone());
            }
            let response = request.send().await.map_err(|error| of_request(&error, &url))?;
            let Some(next) = redirect_target(&response, &url)? else { return Ok(response) };
            self.permit_from(&url, &next)?;
            if next.origin() != url.origin() {
                authorization = None;
            }
            url = next;
        }
        Err(unexpected(&url, format!("it redirects more than {MAX_REDIRECTS} times")))
    }

    /// Whether a URL that `from` named may be asked: as [`Self::permit`], and TLS is not left again.
    pub(super) fn permit_from(&self, from: &Url, to: &Url) -> Result<(), RegistryProblem> {
        if from.scheme() == "https" && to.scheme() != "https" {
            return Err(unexpected(from, format!("it leads from https to an address without TLS at {}", address(to))));
        }
        self.permit(to)
    }

    fn permit(&self, url: &Url) -> Result<(), RegistryProblem> {
        if url.scheme() != "https" && !self.may_be_plain(url) {
            let detail = "it leads to an address without TLS; an operator can allow that with SLIPWAY_PLAIN_HTTP_REGISTRIES";
            return Err(unexpected(url, detail));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(unexpected(url, "it leads to an address with a user name in it"));
        }
        egress::check_url(url, self.egress).map_err(|refused| egress_refused(&refused))
    }

    fn may_be_plain(&self, url: &Url) -> bool {
        url.scheme() == "http" && host_and_port(url).is_some_and(|host| self.plain_http.contains(&host))
    }
}

/// Where a registry's API answers.
fn api_host(host: &str) -> &str {
    if images::is_docker_hub(host) { images::api_host(images::DOCKER_HUB) } else { host }
}

pub(super) fn is_docker_hub(origin: &Url) -> bool {
    origin.host_str() == Some(images::api_host(images::DOCKER_HUB))
}

/// `scheme://host/`, if `host` is a host with an optional port and nothing else.
fn base_url(scheme: &str, host: &str) -> Option<Url> {
    let only_host = !host.is_empty() && !host.contains(['/', '\\', '?', '#', '@']) && !host.contains(char::is_whitespace);
    only_host.then(|| Url::parse(&format!("{scheme}://{host}/")).ok()).flatten()
}

fn host_and_port(url: &Url) -> Option<String> {
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}

fn redirect_target(response: &Response, from: &Url) -> Result<Option<Url>, RegistryProblem> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| from.join(location).ok());
    target.map(Some).ok_or_else(|| unexpected(from, "it redirects to nowhere"))
}

/// Reads a body of at most `max` bytes.
pub(super) async fn read_body(mut response: Response, max: usize) -> Result<Vec<u8>, RegistryProblem> {
    let url = response.url().clone();
    let too_large = || unexpected(&url, format!("its answer is larger than {} KiB", max / 1024));
    if response.content_length().is_some_and(|length| length > max as u64) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of_request(&error, &url))? {
        if body.len() + chunk.len() > max {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Reads a JSON body of at most `max` bytes; `what` names it in the problem.
pub(super) async fn read_json<T: DeserializeOwned>(response: Response, max: usize, what: &str) -> Result<T, RegistryProblem> {
    let url = response.url().clone();
    let body = read_body(response, max).await?;
    serde_json::from_slice(&body).map_err(|_| unexpected(&url, format!("its {what} can't be read")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transport(egress: Egress, plain_http: &[&str]) -> Transport {
        let plain_http = plain_http.iter().map(|host| (*host).to_owned()).collect();
        Transport::new(egress, &plain_http, Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn hosts_become_origins() {
        let transport = transport(Egress::Any, &["127.0.0.1:5000", "Plain.example", "[::1]:5000"]);
        let table = [
            ("docker.io", "https://registry-1.docker.io/"),
            ("Index.Docker.io", "https://registry-1.docker.io/"),
            ("registry.hub.docker.com", "https://registry-1.docker.io/"),
            ("ghcr.io", "https://ghcr.io/"),
            ("GHCR.io:443", "https://ghcr.io/"),
            ("127.0.0.1:5000", "http://127.0.0.1:5000/"),
            ("127.0.0.1:5001", "https://127.0.0.1:5001/"),
            ("[::1]:5000", "http://[::1]:5000/"),
            ("plain.example", "http://plain.example/"),
            ("plain.example:80", "http://plain.example/"),
            ("plain.example:8080", "https://plain.example:8080/"),
        ];
        for (host, expected) in table {
            assert_eq!(transport.origin(host).unwrap().as_str(), expected, "{host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        let transport = transport(Egress::Any, &[]);
        for host in ["", "a/b", "https://a", "a?b", "u@a", "a b", "a:99999", "a\\b", "[::1"] {
            assert_eq!(transport.origin(host).unwrap_err().code(), "host_not_found", "{host}");
        }
    }

    #[test]
    fn addresses_that_others_name_are_checked() {
        let transport = transport(Egress::Public, &["127.0.0.1:5000", "plain.example:80"]);
        let permit = |from: &str, to: &str| {
            let answer = transport.permit_from(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
            answer.err().map(|problem| problem.code())
        };
        assert_eq!(permit("https://a.example", "https://b.example/x"), None);
        assert_eq!(permit("http://plain.example", "http://plain.example/x"), None);
        assert_eq!(permit("http://plain.example", "https://b.example/x"), None);
        assert_eq!(permit("https://a.example", "http://plain.example/x"), Some("unexpected"));
        assert_eq!(permit("http://plain.example", "http://b.example/x"), Some("unexpected"));
        assert_eq!(permit("https://a.example", "ftp://b.example/x"), Some("unexpected"));
        assert_eq!(permit("https://a.example", "https://u:p@b.example/x"), Some("unexpected"));
        for to in ["https://127.0.0.1/token", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://0x7f.1/"] {
            assert_eq!(permit("https://a.example", to), Some("egress_refused"), "{to}");
        }
        assert_eq!(permit("http://plain.example", "http://127.0.0.1:5000/"), Some("egress_refused"));
    }
}
