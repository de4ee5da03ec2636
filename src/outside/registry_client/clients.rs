//! The HTTP clients, one for each set of issuers that is trusted. Owns that a certificate which one registry's entry
//! trusts is trusted for no other, and that no two of these clients share a connection.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use reqwest::{Certificate, Client, ClientBuilder, dns::Resolve, redirect};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::failure::address;
use crate::domain::registries::client::RegistryProblem;

/// Past this many clients of their own they are made afresh.
const MAX_CLIENTS: usize = 64;

pub(super) struct Clients {
    resolver: Arc<dyn Resolve>,
    connect_limit: Duration,
    /// Trusts whom the machine trusts.
    plain: Client,
    /// By the hash of the certificates that are trusted besides.
    extended: Mutex<HashMap<[u8; 32], Client>>,
}

impl Clients {
    pub(super) fn new(resolver: Arc<dyn Resolve>, connect_limit: Duration) -> anyhow::Result<Self> {
        // Who comes first installs it; all of the program wants the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let plain = builder(&resolver, connect_limit)
            .build()
            .context("TLS can't be set up; install root certificates (ca-certificates) or name them with SSL_CERT_FILE")?;
        Ok(Self { resolver, connect_limit, plain, extended: Mutex::default() })
    }

    /// The client that trusts the machine's issuers and these, for a request to `url`.
    pub(super) fn trusting(&self, ca_certificates: Option<&str>, url: &Url) -> Result<Client, RegistryProblem> {
        let Some(pem) = ca_certificates else { return Ok(self.plain.clone()) };
        let key = Sha256::digest(pem).into();
        if let Some(known) = self.lock().get(&key) {
            return Ok(known.clone());
        }
        let client = self.extend(pem).ok_or_else(|| RegistryProblem::Tls {
            host: address(url),
            reason: "this registry's CA certificates can't be read. Paste them again in its field \"CA certificates\"".into(),
        })?;
        let mut extended = self.lock();
        if extended.len() >= MAX_CLIENTS {
            extended.clear();
        }
        extended.insert(key, client.clone());
        Ok(client)
    }

    fn extend(&self, pem: &str) -> Option<Client> {
        let certificates = Certificate::from_pem_bundle(pem.as_bytes()).ok().filter(|found| !found.is_empty())?;
        builder(&self.resolver, self.connect_limit).tls_certs_merge(certificates).build().ok()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Client>> {
        self.extended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn builder(resolver: &Arc<dyn Resolve>, connect_limit: Duration) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("slipway/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_limit)
        .dns_resolver(Arc::clone(resolver))
        // A proxy would resolve and connect out of our sight, and a redirect must be looked at before it is followed.
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Egress, outside::egress::Resolver};

    const CA: &str = include_str!("tests/certificates/ca.pem");

    fn clients() -> Clients {
        Clients::new(Arc::new(Resolver::new(Egress::Any)), Duration::from_secs(1)).unwrap()
    }

    #[test]
    fn what_is_no_certificate_is_named() {
        let url = Url::parse("https://r.example:5000/v2/").unwrap();
        let nonsense = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n";
        for pem in ["", "no certificate", nonsense] {
            let problem = clients().trusting(Some(pem), &url).unwrap_err();
            assert!(problem.code() == "tls" && problem.sentence().contains("r.example:5000"), "{problem:?}");
            assert!(problem.sentence().contains("CA certificates can't be read"), "{problem:?}");
        }
    }

    #[test]
    fn clients_are_kept_by_their_certificates_and_bounded() {
        let (clients, url) = (clients(), Url::parse("https://r.example/").unwrap());
        let ask = |text: &str| clients.trusting(Some(text), &url).map(drop);
        for _ in 0..2 {
            assert_eq!(ask(CA), Ok(()));
            assert_eq!(clients.lock().len(), 1);
        }
        for number in 1..MAX_CLIENTS {
            assert_eq!(ask(&format!("{CA}# {number}\n")), Ok(()));
        }
        assert_eq!(clients.lock().len(), MAX_CLIENTS);
        assert_eq!(ask(&format!("# one more\n{CA}")), Ok(()));
        assert_eq!(clients.lock().len(), 1);
    }
}
