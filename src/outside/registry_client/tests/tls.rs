//! TLS: failures in plain words against servers that really fail so, and whom a registry's own issuers are trusted for.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::Mutex,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::domain::registries::client::SignIn;

const CA: &str = include_str!("certificates/ca.pem");
const GOOD: &[u8] = include_bytes!("certificates/good.der");

fn access_to(host: &str, ca_certificates: Option<&str>) -> Access {
    Access { registry_id: None, host: host.into(), login: None, ca_certificates: ca_certificates.map(str::to_owned) }
}

async fn reason_with(host: String, ca_certificates: Option<&str>) -> String {
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    match client.check(&access_to(&host, ca_certificates), None).await {
        Err(RegistryProblem::Tls { host: named, reason }) if named == host => reason,
        other => panic!("{other:?}"),
    }
}

async fn reason(host: String) -> String {
    reason_with(host, None).await
}

/// Does `serve` with each connection, one after another.
fn listen(mut serve: impl FnMut(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap())));
    host
}

/// A TLS server with one of the certificates beside this file. It gives each request to `answer` and hangs up after it.
fn tls_server(certificate: &'static [u8], answer: impl Fn(&str) -> String + Send + 'static) -> String {
    let key = PrivateKeyDer::try_from(include_bytes!("certificates/key.der").as_slice()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![CertificateDer::from(certificate)], key).unwrap());
    listen(move |tcp| {
        let mut stream = rustls::StreamOwned::new(rustls::ServerConnection::new(config.clone()).unwrap(), tcp);
        let mut request = [0; 8192];
        // A client that does not trust us breaks the handshake off; how that looks here does not matter.
        let Ok(length) = stream.read(&mut request) else { return };
        let _ = stream.write_all(answer(&String::from_utf8_lossy(&request[..length])).as_bytes());
        stream.conn.send_close_notify();
        let _ = stream.flush();
    })
}

/// An HTTP answer, with more header lines if there are any.
fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{headers}\r\n{body}", body.len())
}

fn registry(certificate: &'static [u8]) -> String {
    tls_server(certificate, |_| answer("200 OK", "", "{}"))
}

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
}

#[tokio::test]
async fn an_issuer_nobody_trusts_is_named() {
    for certificate in [GOOD, include_bytes!("certificates/self_signed.der")] {
        let reason = reason(registry(certificate)).await;
        assert!(reason.contains("issuer that this console does not trust"), "{reason}");
        assert!(reason.contains("field \"CA certificates\"") && reason.contains("nodes"), "{reason}");
    }
}

#[tokio::test]
async fn a_certificate_made_as_its_own_issuer_is_named() {
    // What `openssl req -x509` makes without further options.
    let reason = reason(registry(include_bytes!("certificates/self_signed_ca.der"))).await;
    assert!(reason.contains("self-signed"), "{reason}");
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_with_its_dates_and_names() {
    let table: [(&'static [u8], &str); 3] = [
        (include_bytes!("certificates/expired.der"), "expired on 2021-02-03"),
        (include_bytes!("certificates/not_yet_valid.der"), "not valid yet, its time begins on 2119-01-01"),
        (include_bytes!("certificates/other_name.der"), "for another name (registry.example.com, *.example.org)"),
    ];
    for (certificate, says) in table {
        let reason = reason_with(registry(certificate), Some(CA)).await;
        assert!(reason.contains(says), "{reason}");
    }
}

#[tokio::test]
async fn an_own_issuer_is_trusted_for_its_registry_and_no_other() {
    let host = registry(GOOD);
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    let unknown = |problem: RegistryProblem| problem.sentence().contains("issuer that this console does not trust");
    let other = pem(include_bytes!("certificates/self_signed.der"));
    for _ in 0..2 {
        let report = client.check(&access_to(&host, Some(CA)), None).await;
        assert_eq!(report.map(|report| report.sign_in), Ok(SignIn::Anonymous));
        assert!(unknown(client.check(&access_to(&host, None), None).await.unwrap_err()));
        assert!(unknown(client.check(&access_to(&host, Some(&other)), None).await.unwrap_err()));
        assert!(client.check(&access_to(&host, Some(&format!("{other}{CA}"))), None).await.is_ok());
    }
}

#[tokio::test]
async fn a_self_signed_certificate_is_its_own_issuer() {
    let certificate = include_bytes!("certificates/self_signed.der");
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    assert!(client.check(&access_to(&registry(certificate), Some(&pem(certificate))), None).await.is_ok());
}

#[tokio::test]
async fn ca_certificates_that_can_not_be_read_are_named() {
    let reason = reason_with(registry(GOOD), Some("what is this")).await;
    assert!(reason.contains("CA certificates can't be read"), "{reason}");
}

/// The first lines of the requests to a server that asks for tokens of `realm`, with what they showed.
fn registry_with_realm(realm: String) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = seen.clone();
    let host = tls_server(GOOD, move |request| {
        noted.lock().unwrap().push(request.to_ascii_lowercase());
        if request.to_ascii_lowercase().contains("authorization: bearer t\r\n") {
            return answer("200 OK", "", "{}");
        }
        answer("401 Unauthorized", &format!("www-authenticate: Bearer realm=\"{realm}\"\r\n"), "")
    });
    (host, seen)
}

#[tokio::test]
async fn a_token_service_on_another_host_gets_the_login_and_the_registry_only_the_token() {
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = asked.clone();
    let service = tls_server(GOOD, move |request| {
        noted.lock().unwrap().push(request.to_ascii_lowercase());
        answer("200 OK", "", r#"{"token": "t"}"#)
    });
    let (host, seen) = registry_with_realm(format!("https://{service}/token"));
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    let access = Access { login: login("u", "p"), ..access_to(&host, Some(CA)) };
    assert_eq!(client.check(&access, None).await.map(|report| report.sign_in), Ok(SignIn::Token));
    let (asked, seen) = (asked.lock().unwrap(), seen.lock().unwrap());
    assert!(asked.len() == 1 && asked[0].contains("authorization: basic dtpw"), "{asked:?}");
    assert!(seen.len() == 2 && !seen.iter().any(|request| request.contains("basic")), "{seen:?}");
}

#[tokio::test]
async fn a_token_service_without_tls_gets_nothing_from_a_registry_with_it() {
    let service = Fake::start().await;
    service.grants("t", None).await;
    let (host, _) = registry_with_realm(service.url("/token"));
    // Not even where the operator allows plain HTTP for the service's host.
    let client = OciRegistryClient::new(Egress::Any, [service.host()].into()).unwrap();
    let access = Access { login: login("u", "p"), ..access_to(&host, Some(CA)) };
    let problem = client.check(&access, None).await.unwrap_err();
    assert!(problem.sentence().contains("leads from https to an address without TLS"), "{problem:?}");
    assert!(service.requests().await.is_empty());
}

#[tokio::test]
async fn plain_http_on_the_port_is_named_with_its_setting() {
    let fake = Fake::start().await;
    assert!(reason(fake.host()).await.contains("SLIPWAY_PLAIN_HTTP_REGISTRIES"));
    let host = listen(|mut stream| stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").unwrap());
    assert!(reason(host).await.contains("does not speak TLS"));
}

#[tokio::test]
async fn a_server_that_hangs_up_is_named() {
    let host = listen(|mut stream| {
        let mut hello = [0; 4096];
        assert!(stream.read(&mut hello).unwrap() > 0);
    });
    assert!(reason(host).await.contains("closed the connection during the handshake"));
}
