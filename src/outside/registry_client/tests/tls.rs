//! TLS failures in plain words, against servers that really fail so.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;

async fn reason(host: String) -> String {
    let client = OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap();
    let access = Access { registry_id: None, host: host.clone(), login: None, ca_certificates: None };
    match client.check(&access, None).await {
        Err(RegistryProblem::Tls { host: named, reason }) if named == host => reason,
        other => panic!("{other:?}"),
    }
}

/// Does `serve` with the first connection.
fn listen(serve: impl FnOnce(std::net::TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || serve(listener.accept().unwrap().0));
    host
}

/// A TLS server with one of the certificates beside this file; both are signed by themselves.
fn tls_server(certificate: &'static [u8]) -> String {
    let key = PrivateKeyDer::try_from(include_bytes!("certificates/key.der").as_slice()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![CertificateDer::from(certificate)], key).unwrap());
    listen(move |mut stream| {
        let mut connection = rustls::ServerConnection::new(config).unwrap();
        // The client breaks the handshake off; how the server sees that does not matter.
        let _ = connection.complete_io(&mut stream);
    })
}

#[tokio::test]
async fn an_issuer_nobody_trusts_is_named() {
    let reason = reason(tls_server(include_bytes!("certificates/self_signed.der"))).await;
    assert!(reason.contains("issuer that this console does not trust"), "{reason}");
}

#[tokio::test]
async fn a_certificate_made_as_its_own_issuer_is_named() {
    // What `openssl req -x509` makes without further options.
    let reason = reason(tls_server(include_bytes!("certificates/self_signed_ca.der"))).await;
    assert!(reason.contains("self-signed"), "{reason}");
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
