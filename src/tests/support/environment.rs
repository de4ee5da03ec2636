//! The variables that say which outside systems the tests may use.

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place of the tests that reads the environment")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A PostgreSQL server where databases may be made, as `postgres://user@host:port/database`.
pub(crate) fn database_url() -> Option<String> {
    variable("SLIPWAY_TEST_DATABASE_URL")
}

/// Host of the open test registry.
pub(crate) fn registry() -> Option<String> {
    named("SLIPWAY_TEST_REGISTRY")
}

/// Host of the test registry that asks for `tester` and `secret`.
pub(crate) fn private_registry() -> Option<String> {
    named("SLIPWAY_TEST_PRIVATE_REGISTRY")
}

/// Host of the open test registry behind TLS, and the file with its issuer's certificate.
pub(crate) fn tls_registry() -> Option<(String, String)> {
    Some((named("SLIPWAY_TEST_TLS_REGISTRY")?, named("SLIPWAY_TEST_TLS_REGISTRY_CA")?))
}

/// Host of the test registry that wants tokens: `tester` may pull, `outsider` only signs in, both with `secret`.
pub(crate) fn token_registry() -> Option<String> {
    named("SLIPWAY_TEST_TOKEN_REGISTRY")
}

/// Host of the service that gives them.
pub(crate) fn token_service() -> Option<String> {
    named("SLIPWAY_TEST_TOKEN_SERVICE")
}

/// The kubeconfig of a cluster that may be written to, and its registries: open, and behind `tester` and `secret`.
pub(crate) fn cluster() -> Option<(String, &'static str, &'static str)> {
    Some((named("SLIPWAY_TEST_KUBECONFIG")?, "127.0.0.1:15000", "127.0.0.1:15001"))
}

fn named(name: &str) -> Option<String> {
    let value = variable(name);
    if value.is_none() {
        eprintln!("left out: {name} is not set; script/services or end2end/cluster/cluster.sh starts what it names");
    }
    value
}
