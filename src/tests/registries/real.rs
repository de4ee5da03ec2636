//! The client against the real registries that script/services starts: open, behind a login, behind TLS, behind a token
//! service. All hold the same images.

use std::collections::BTreeSet;

use slipway::{
    config::Egress,
    domain::{
        images::ImageReference,
        registries::{
            check_ca_certificates,
            client::{Access, CheckReport, Login, RegistryClient as _, RegistryProblem, SignIn},
        },
    },
    outside::registry_client::OciRegistryClient,
};

use crate::support::environment;

const REPOSITORY: &str = "acme/greeter";
const TESTER: Option<(&str, &str)> = Some(("tester", "secret"));
const OUTSIDER: Option<(&str, &str)> = Some(("outsider", "secret"));
const WRONG: Option<(&str, &str)> = Some(("tester", "wrong"));

/// A client, and the registry it speaks to.
struct Real {
    client: OciRegistryClient,
    host: String,
    ca_certificates: Option<String>,
}

impl Real {
    /// A registry without TLS, and what else may be spoken to without.
    fn plain(host: Option<String>, others: &[String]) -> Option<Self> {
        let host = host?;
        let plain_http: BTreeSet<String> = others.iter().cloned().chain([host.clone()]).collect();
        Some(Self { client: OciRegistryClient::new(Egress::Any, plain_http).unwrap(), host, ca_certificates: None })
    }

    fn tokens() -> Option<Self> {
        Self::plain(environment::token_registry(), &[environment::token_service()?])
    }

    fn tls() -> Option<Self> {
        let (host, file) = environment::tls_registry()?;
        let ca_certificates = check_ca_certificates(&std::fs::read_to_string(file).unwrap()).unwrap();
        Some(Self { client: OciRegistryClient::new(Egress::Any, BTreeSet::new()).unwrap(), host, ca_certificates })
    }

    fn access(&self, login: Option<(&str, &str)>) -> Access {
        let login = login.map(|(username, password)| Login { username: username.into(), password: password.into() });
        Access { registry_id: None, host: self.host.clone(), login, ca_certificates: self.ca_certificates.clone() }
    }

    async fn check(&self, login: Option<(&str, &str)>, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        self.client.check(&self.access(login), repository).await
    }

    /// The check without and with a repository, and then what a console does: list the tags, and resolve one.
    async fn serves(&self, login: Option<(&str, &str)>, sign_in: SignIn) {
        let report = |may_pull| Ok(CheckReport { sign_in, may_pull, pulls: None });
        assert_eq!(self.check(login, None).await, report(false));
        assert_eq!(self.check(login, Some(REPOSITORY)).await, report(true));
        // It has no tag `latest`.
        assert_eq!(self.check(login, Some("acme/multi")).await, report(true));
        let access = self.access(login);
        let mut tags = self.client.tags(&access, REPOSITORY, 100).await.unwrap().tags;
        tags.sort();
        assert_eq!(tags, ["1.0", "1.1", "1.2-crash", "latest"]);
        let image = ImageReference::parse(&format!("{}/{REPOSITORY}:1.0", self.host)).unwrap();
        let digest = self.client.resolve(&access, &image).await.unwrap();
        assert_eq!(self.client.inspect(&access, &image, &[]).await.unwrap().digest, digest);
    }

    async fn lacks(&self, login: Option<(&str, &str)>, repository: &str) {
        let expected = RegistryProblem::RepositoryNotFound { repository: format!("{}/{repository}", self.host) };
        assert_eq!(self.check(login, Some(repository)).await, Err(expected.clone()));
        assert_eq!(self.client.tags(&self.access(login), repository, 10).await, Err(expected));
    }
}

#[tokio::test]
async fn an_open_registry_serves_everybody() {
    let Some(open) = Real::plain(environment::registry(), &[]) else { return };
    open.serves(None, SignIn::Anonymous).await;
    // It asks nobody, so the credential is no better known than before.
    open.serves(WRONG, SignIn::Anonymous).await;
    open.lacks(None, "acme/none").await;
}

#[tokio::test]
async fn a_registry_behind_a_login_serves_who_has_it() {
    let Some(private) = Real::plain(environment::private_registry(), &[]) else { return };
    private.serves(TESTER, SignIn::Password).await;
    private.lacks(TESTER, "acme/none").await;
    let host = private.host.clone();
    assert_eq!(private.check(WRONG, None).await, Err(RegistryProblem::CredentialRefused { host: host.clone() }));
    assert_eq!(private.check(WRONG, Some(REPOSITORY)).await, Err(RegistryProblem::CredentialRefused { host: host.clone() }));
    assert_eq!(private.check(None, None).await, Err(RegistryProblem::CredentialRequired { host }));
}

#[tokio::test]
async fn a_registry_with_tokens_tells_a_wrong_password_from_a_right_that_is_missing() {
    let Some(tokens) = Real::tokens() else { return };
    tokens.serves(TESTER, SignIn::Token).await;
    tokens.lacks(TESTER, "acme/none").await;
    assert_eq!(tokens.check(WRONG, None).await, Err(RegistryProblem::CredentialRefused { host: tokens.host.clone() }));
    let signed_in = CheckReport { sign_in: SignIn::Token, may_pull: false, pulls: None };
    assert_eq!(tokens.check(OUTSIDER, None).await, Ok(signed_in));
    let denied = RegistryProblem::PullDenied { repository: REPOSITORY.into() };
    assert_eq!(tokens.check(OUTSIDER, Some(REPOSITORY)).await, Err(denied.clone()));
    assert_eq!(tokens.client.tags(&tokens.access(OUTSIDER), REPOSITORY, 10).await, Err(denied));
    assert_eq!(tokens.check(None, Some(REPOSITORY)).await.unwrap_err().code(), "image_not_found");
}

#[tokio::test]
async fn a_registry_of_an_own_issuer_is_trusted_by_its_certificate_alone() {
    let Some(tls) = Real::tls() else { return };
    tls.serves(None, SignIn::Anonymous).await;
    let stranger = Access { ca_certificates: None, ..tls.access(None) };
    let problem = tls.client.check(&stranger, None).await.unwrap_err();
    assert_eq!(problem.code(), "tls");
    assert!(problem.sentence().contains("issuer that this console does not trust"), "{problem:?}");
}
