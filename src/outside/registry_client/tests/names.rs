//! Names that resolve now to one address and then to another: each connection is judged by its own answer.

use std::{
    net::{IpAddr, SocketAddr},
    sync::atomic::{AtomicUsize, Ordering},
};

use super::*;

const TAGS: &str = "/v2/a/b/tags/list";

/// A resolver with the rule of [`Egress::Any`], which still forbids 0.0.0.0 although a connection there would end at this
/// machine. Its name server gives the answers in turn, the last one for good.
fn resolver(answers: &'static [&'static [&'static str]]) -> Resolver {
    let asked = AtomicUsize::new(0);
    Resolver::over(Egress::Any, move |_| {
        let answer = answers[asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1)];
        let found = answer.iter().map(|ip| SocketAddr::new(ip.parse::<IpAddr>().unwrap(), 0)).collect();
        Box::pin(async move { Ok(found) })
    })
}

fn named(fake: &Fake, answers: &'static [&'static [&'static str]]) -> (OciRegistryClient, Access) {
    let host = format!("registry.test:{}", fake.server.address().port());
    let client = client_over(resolver(answers), Egress::Any, &[&host]);
    (client, Access { registry_id: None, host, login: login("u", "p"), ca_certificates: None })
}

#[tokio::test]
async fn a_name_that_changes_its_address_is_refused_at_the_next_connection() {
    let fake = Fake::start().await;
    fake.serves(TAGS, tag_list(&["1"]).insert_header("connection", "close")).await;
    let (client, access) = named(&fake, &[&["127.0.0.1"], &["0.0.0.0"]]);
    assert!(client.tags(&access, "a/b", 10).await.is_ok());
    let refused = client.tags(&access, "a/b", 10).await;
    assert_eq!(refused, Err(RegistryProblem::EgressRefused { host: "registry.test".into(), setting: "SLIPWAY_EGRESS" }));
    assert_eq!(fake.count(TAGS).await, 1);
}

#[tokio::test]
async fn a_next_page_and_a_realm_are_resolved_and_judged_anew() {
    let fake = Fake::start().await;
    let next = tag_list(&["1"]).insert_header("link", "</v2/a/b/tags/list?last=1>; rel=next").insert_header("connection", "close");
    fake.serves(TAGS, next).await;
    let (client, access) = named(&fake, &[&["127.0.0.1"], &["0.0.0.0"]]);
    assert_eq!(client.tags(&access, "a/b", 10).await.unwrap_err().code(), "egress_refused");
    assert_eq!(fake.count(TAGS).await, 1);

    let fake = Fake::start().await;
    let realm = format!("Bearer realm=\"http://registry.test:{}/token\"", fake.server.address().port());
    let challenge = ResponseTemplate::new(401).insert_header("www-authenticate", realm).insert_header("connection", "close");
    fake.serves(TAGS, challenge).await;
    fake.grants("t", None).await;
    let (client, access) = named(&fake, &[&["127.0.0.1"], &["0.0.0.0"]]);
    assert_eq!(client.tags(&access, "a/b", 10).await.unwrap_err().code(), "egress_refused");
    assert_eq!(fake.count("/token").await, 0);
}

#[tokio::test]
async fn of_mixed_addresses_only_the_allowed_are_connected_to() {
    // A connection to 0.0.0.0 would reach the trap.
    let trap = Fake::start().await;
    trap.serves(TAGS, tag_list(&["trap"])).await;
    let beside = std::net::TcpListener::bind(("127.0.0.2", trap.server.address().port())).unwrap();
    let fake = Fake { server: MockServer::builder().listener(beside).start().await };
    fake.serves(TAGS, tag_list(&["right"])).await;
    let (client, access) = named(&fake, &[&["0.0.0.0", "127.0.0.2", "169.254.169.254"]]);
    assert_eq!(client.tags(&access, "a/b", 10).await.map(|list| list.tags), Ok(vec!["right".to_owned()]));
    assert!(trap.requests().await.is_empty());
}
