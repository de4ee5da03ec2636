//! The client against registries that answer as real ones do, over HTTP on loopback. Here stand the fixtures.

mod images;
mod problems;
mod safety;
mod sign_in;
mod tags;
mod tls;

use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{header, method, path},
};

use super::*;
use crate::{domain::registries::client::Login, outside::egress::Resolver};

/// A registry on a port of its own.
struct Fake {
    server: MockServer,
}

impl Fake {
    async fn start() -> Self {
        Self { server: MockServer::start().await }
    }

    fn host(&self) -> String {
        self.server.address().to_string()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.uri())
    }

    /// Answers GET and HEAD of a path, to everybody.
    async fn serves(&self, at: &str, answer: ResponseTemplate) {
        Mock::given(path(at)).respond_with(answer).with_priority(5).mount(&self.server).await;
    }

    /// Answers only with this `Authorization`; all others are challenged.
    async fn guards(&self, at: &str, authorization: &str, challenge: &str, answer: ResponseTemplate) {
        Mock::given(path(at)).and(header("authorization", authorization)).respond_with(answer).with_priority(1).mount(&self.server).await;
        self.serves(at, ResponseTemplate::new(401).insert_header("www-authenticate", challenge)).await;
    }

    /// A token service at `/token` that gives `token` to this login, or to nobody without one.
    async fn grants(&self, token: &str, login: Option<&str>) {
        let granted = ResponseTemplate::new(200).set_body_json(json!({ "token": token, "expires_in": 300 }));
        let mock = Mock::given(method("GET")).and(path("/token"));
        match login {
            Some(login) => {
                mock.and(header("authorization", login)).respond_with(granted).with_priority(1).mount(&self.server).await;
                self.serves("/token", ResponseTemplate::new(401)).await;
            }
            None => mock.respond_with(granted).mount(&self.server).await,
        }
    }

    fn bearer(&self, scope: &str) -> String {
        format!(r#"Bearer realm="{}",service="fake",scope="{scope}""#, self.url("/token"))
    }

    async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }

    /// How often a path was asked.
    async fn count(&self, at: &str) -> usize {
        self.requests().await.iter().filter(|request| request.url.path() == at).count()
    }
}

/// `u:p`, as [`login`] gives it.
const LOGIN: &str = "Basic dTpw";

fn login(username: &str, password: &str) -> Option<Login> {
    Some(Login { username: username.into(), password: password.into() })
}

fn access(fake: &Fake, login: Option<Login>) -> Access {
    Access { registry_id: None, host: fake.host(), login, ca_certificates: None }
}

fn saved(fake: &Fake, id: u128, login: Option<Login>) -> Access {
    Access { registry_id: Some(Uuid::from_u128(id)), ..access(fake, login) }
}

/// A client that may speak plain HTTP to these.
fn client(fakes: &[&Fake]) -> OciRegistryClient {
    OciRegistryClient::new(Egress::Any, fakes.iter().map(|fake| fake.host()).collect()).unwrap()
}

fn impatient(fake: &Fake, limits: Limits) -> OciRegistryClient {
    OciRegistryClient::with_limits(Egress::Any, [fake.host()].into(), limits).unwrap()
}

/// Finds one server under any of these names, where no rule would let one; all other names as the public egress does.
struct Hosts {
    names: &'static [&'static str],
    address: std::net::SocketAddr,
}

impl Resolve for Hosts {
    fn resolve(&self, name: Name) -> Resolving {
        if !self.names.contains(&name.as_str()) {
            return Resolver::new(Egress::Public).resolve(name);
        }
        let found = [self.address];
        Box::pin(async move { Ok(Box::new(found.into_iter()) as Addrs) })
    }
}

/// A client whose names are found by this resolver, whatever rule that keeps.
fn client_over(resolver: impl Resolve + 'static, egress: Egress, plain_http: &[&str]) -> OciRegistryClient {
    let (plain_http, limits) = (plain_http.iter().map(|host| (*host).to_owned()).collect(), Limits::default());
    OciRegistryClient::over(Transport::over(Arc::new(resolver), egress, &plain_http, limits.connect).unwrap(), limits.call)
}

fn sha256(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn redirect(to: impl AsRef<str>) -> ResponseTemplate {
    ResponseTemplate::new(307).insert_header("location", to.as_ref())
}

/// Bytes with their digest in the header, as registries send manifests.
fn manifest(media_type: &str, value: &Value) -> ResponseTemplate {
    let bytes = value.to_string().into_bytes();
    ResponseTemplate::new(200).insert_header("docker-content-digest", sha256(&bytes)).set_body_raw(bytes, media_type)
}

fn tag_list(tags: &[&str]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "name": "a/b", "tags": tags }))
}
