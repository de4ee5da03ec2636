//! How much of an answer the client reads, and for how long.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;

/// A server that answers with `start` and then, with a pause between, with `more` for as long as anybody reads. Gives its
/// host, and how many bytes it could send after the start.
async fn endless(start: &'static str, more: &'static [u8], pause: Duration) -> (String, JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(start.as_bytes()).await.unwrap();
        let mut sent = 0;
        while stream.write_all(more).await.is_ok() {
            sent += more.len();
            tokio::time::sleep(pause).await;
        }
        sent
    });
    (address.to_string(), server)
}

async fn tags_of(host: &str, limits: Limits) -> RegistryProblem {
    let client = OciRegistryClient::with_limits(Egress::Any, [host.to_owned()].into(), limits).unwrap();
    let access = Access { registry_id: None, host: host.into(), login: None, ca_certificates: None };
    client.tags(&access, "a/b", 1).await.unwrap_err()
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
    let (host, server) = endless("HTTP/1.1 200 OK\r\n\r\n", &[b' '; 65_536], Duration::ZERO).await;
    let problem = tags_of(&host, Limits::default()).await;
    assert!(problem.sentence().contains("larger than"), "{problem:?}");
    assert!(server.await.unwrap() >= 4 * 1024 * 1024);
}

#[tokio::test]
async fn an_endless_header_is_left() {
    let (host, server) = endless("HTTP/1.1 200 OK\r\nx: ", &[b'a'; 65_536], Duration::ZERO).await;
    assert_eq!(tags_of(&host, Limits::default()).await.code(), "unexpected");
    // What lies in the sockets' buffers was sent and not read.
    let sent = server.await.unwrap();
    assert!(sent < 16 * 1024 * 1024, "{sent}");
}

#[tokio::test]
async fn endless_header_lines_are_left() {
    let (host, server) = endless("HTTP/1.1 200 OK\r\n", b"x: y\r\n".repeat(10_000).leak(), Duration::ZERO).await;
    assert_eq!(tags_of(&host, Limits::default()).await.code(), "unexpected");
    assert!(server.await.unwrap() < 16 * 1024 * 1024);
}

#[tokio::test]
async fn an_answer_that_drips_is_left_at_the_limit() {
    let limits = Limits { call: Duration::from_millis(500), ..Limits::default() };
    for start in ["HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nx: "] {
        let (host, server) = endless(start, b" ", Duration::from_millis(20)).await;
        let started = std::time::Instant::now();
        assert_eq!(tags_of(&host, limits).await, RegistryProblem::TimedOut { host });
        assert!(started.elapsed() < Duration::from_secs(5));
        assert!(server.await.unwrap() > 0);
    }
}

#[tokio::test]
async fn a_token_service_is_read_up_to_its_bound_too() {
    let fake = Fake::start().await;
    fake.guards("/v2/a/b/tags/list", "Bearer t", &fake.bearer("repository:a/b:pull"), tag_list(&["1"])).await;
    let token = format!("{{\"token\": \"t\"}}{}", " ".repeat(256 * 1024));
    fake.serves("/token", ResponseTemplate::new(200).set_body_string(token)).await;
    let problem = tags_of(&fake.host(), Limits::default()).await;
    assert!(problem.sentence().contains("larger than 256 KiB"), "{problem:?}");
}
