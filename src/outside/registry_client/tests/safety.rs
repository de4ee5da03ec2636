//! Where the client does not go, what it does not send there, and how much it does not read.

use std::net::SocketAddr;

use super::*;

const TAGS: &str = "/v2/a/b/tags/list";
const BLOB: &str = "/v2/a/b/blobs/x";

/// A client with the public egress that finds the fake at a name, past the resolver's rule: as a public registry would be.
fn public_client(fake: &Fake) -> (OciRegistryClient, Access) {
    let host = format!("registry.test:{}", fake.server.address().port());
    let hosts = Hosts { names: &["registry.test"], address: *fake.server.address() };
    let access = Access { registry_id: None, host: host.clone(), login: login("u", "p"), ca_certificates: None };
    (client_over(hosts, Egress::Public, &[&host, &fake.host()]), access)
}

async fn tags_of(client: &OciRegistryClient, access: &Access) -> RegistryProblem {
    client.tags(access, "a/b", 10).await.unwrap_err()
}

#[tokio::test]
async fn a_private_address_is_refused_as_the_first_one() {
    let client = OciRegistryClient::new(Egress::Public, BTreeSet::new()).unwrap();
    let hosts = [
        ("127.0.0.1:5000", "127.0.0.1", "SLIPWAY_EGRESS=any"),
        ("[::1]", "::1", "SLIPWAY_EGRESS=any"),
        ("localhost", "localhost", "SLIPWAY_EGRESS=any"),
        ("10.1.2.3", "10.1.2.3", "SLIPWAY_EGRESS=private"),
        ("[::ffff:10.1.2.3]", "::ffff:10.1.2.3", "SLIPWAY_EGRESS=private"),
        ("169.254.169.254", "169.254.169.254", "SLIPWAY_EGRESS"),
    ];
    for (host, named, setting) in hosts {
        let access = Access { registry_id: None, host: host.into(), login: None, ca_certificates: None };
        let refused = client.check(&access, None).await;
        assert_eq!(refused, Err(RegistryProblem::EgressRefused { host: named.into(), setting }), "{host}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    for to in ["https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x", "https://localhost/x"] {
        let fake = Fake::start().await;
        fake.serves(TAGS, redirect(to)).await;
        let (client, access) = public_client(&fake);
        assert_eq!(tags_of(&client, &access).await.code(), "egress_refused", "{to}");
    }
}

#[tokio::test]
async fn a_redirect_to_the_same_server_by_its_private_address_is_refused() {
    let fake = Fake::start().await;
    fake.serves(TAGS, redirect(fake.url("/inside"))).await;
    let (client, access) = public_client(&fake);
    assert_eq!(tags_of(&client, &access).await.code(), "egress_refused");
    assert_eq!(fake.count("/inside").await, 0);
}

#[tokio::test]
async fn a_realm_at_a_private_address_is_refused() {
    let fake = Fake::start().await;
    fake.guards(TAGS, "Bearer t", &fake.bearer("x"), tag_list(&["1"])).await;
    fake.grants("t", None).await;
    let (client, access) = public_client(&fake);
    assert_eq!(tags_of(&client, &access).await.code(), "egress_refused");
    assert_eq!(fake.count("/token").await, 0);
}

#[tokio::test]
async fn plain_http_needs_to_be_listed_wherever_it_comes_from() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    fake.serves("/v2/a/tags/list", redirect(other.url("/x"))).await;
    let challenge = format!(r#"Bearer realm="{}""#, other.url("/token"));
    fake.serves("/v2/b/tags/list", ResponseTemplate::new(401).insert_header("www-authenticate", challenge)).await;
    for repository in ["a", "b"] {
        let problem = client(&[&fake]).tags(&access(&fake, login("u", "p")), repository, 1).await.unwrap_err();
        assert!(problem.sentence().contains("SLIPWAY_PLAIN_HTTP_REGISTRIES"), "{problem:?}");
    }
    assert!(other.requests().await.is_empty());
}

#[tokio::test]
async fn a_redirect_to_another_host_carries_no_credential() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    fake.guards(BLOB, "Bearer t", &fake.bearer("repository:a/b:pull"), redirect(other.url("/storage?signature=1"))).await;
    fake.grants("t", Some(LOGIN)).await;
    other.serves("/storage", ResponseTemplate::new(200).set_body_string("bytes")).await;
    let (client, access) = (client(&[&fake, &other]), access(&fake, login("u", "p")));
    let mut session = client.session(&access, Some("a/b"), "a/b".into()).unwrap();
    let response = session.get(http::Method::GET, session.url("blobs/x"), None).await.unwrap();
    assert_eq!(response.text().await.unwrap(), "bytes");
    let received = other.requests().await;
    assert_eq!(received.len(), 1);
    assert!(!received[0].headers.contains_key("authorization"));
    assert!(!received[0].headers.contains_key("referer"));
}

#[tokio::test]
async fn a_redirect_back_does_not_bring_the_credential_back() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    fake.guards(BLOB, LOGIN, "Basic realm=x", redirect(other.url("/back"))).await;
    other.serves("/back", redirect(fake.url("/elsewhere"))).await;
    fake.serves("/elsewhere", ResponseTemplate::new(200)).await;
    let (client, access) = (client(&[&fake, &other]), access(&fake, login("u", "p")));
    let mut session = client.session(&access, Some("a/b"), "a/b".into()).unwrap();
    assert!(session.get(http::Method::GET, session.url("blobs/x"), None).await.is_ok());
    let requests = fake.requests().await;
    let last = requests.last().unwrap();
    assert!(last.url.path() == "/elsewhere" && !last.headers.contains_key("authorization"));
}

#[tokio::test]
async fn who_is_redirected_to_gets_no_credential_for_asking() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    fake.serves(TAGS, redirect(other.url("/trap"))).await;
    other.serves("/trap", ResponseTemplate::new(401).insert_header("www-authenticate", "Basic realm=\"give\"")).await;
    let problem = tags_of(&client(&[&fake, &other]), &access(&fake, login("u", "p"))).await;
    assert!(problem.sentence().contains("asks for a credential"), "{problem:?}");
    assert!(other.requests().await.iter().all(|request| !request.headers.contains_key("authorization")));
}

#[tokio::test]
async fn redirects_are_followed_five_times_and_no_further() {
    let fake = Fake::start().await;
    for hop in 0..10 {
        fake.serves(&format!("/hop/{hop}"), redirect(format!("/hop/{}", hop + 1))).await;
    }
    fake.serves("/hop/10", tag_list(&["end"])).await;
    fake.serves("/v2/far/tags/list", redirect("/hop/5")).await;
    fake.serves("/v2/near/tags/list", redirect("/hop/6")).await;
    let client = client(&[&fake]);
    assert_eq!(client.tags(&access(&fake, None), "near", 1).await.map(|list| list.tags), Ok(vec!["end".to_owned()]));
    let problem = client.tags(&access(&fake, None), "far", 1).await.unwrap_err();
    assert!(problem.sentence().contains("redirects more than 5 times"), "{problem:?}");
}

#[tokio::test]
async fn answers_are_read_up_to_their_bound() {
    let fake = Fake::start().await;
    let page = |bytes: usize| ResponseTemplate::new(200).set_body_string(format!("{{\"tags\": [\"1\"]}}{}", " ".repeat(bytes)));
    fake.serves("/v2/fits/tags/list", page(4_000_000)).await;
    fake.serves("/v2/large/tags/list", page(4 * 1024 * 1024)).await;
    let client = client(&[&fake]);
    assert!(client.tags(&access(&fake, None), "fits", 1).await.is_ok());
    let problem = client.tags(&access(&fake, None), "large", 1).await.unwrap_err();
    assert!(problem.sentence().contains("larger than 4096 KiB"), "{problem:?}");
}

#[tokio::test]
async fn an_endless_answer_without_a_length_is_left() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        let mut sent = 0usize;
        while stream.write_all(&[b' '; 65_536]).await.is_ok() {
            sent += 65_536;
        }
        sent
    });
    let client = OciRegistryClient::new(Egress::Any, [address.to_string()].into()).unwrap();
    let access = Access { registry_id: None, host: address.to_string(), login: None, ca_certificates: None };
    let problem = client.tags(&access, "a/b", 1).await.unwrap_err();
    assert!(problem.sentence().contains("larger than"), "{problem:?}");
    assert!(server.await.unwrap() >= 4 * 1024 * 1024);
}

#[tokio::test]
async fn a_repository_that_leaves_its_path_is_asked_nowhere() {
    let fake = Fake::start().await;
    for repository in ["../../admin", "a/../../b", "A", "a?b=c", ""] {
        let problem = client(&[&fake]).tags(&access(&fake, None), repository, 1).await.unwrap_err();
        assert_eq!(problem.code(), "image_not_found", "{repository}");
    }
    assert!(fake.requests().await.is_empty());
}
