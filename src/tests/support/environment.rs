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

fn named(name: &str) -> Option<String> {
    let value = variable(name);
    if value.is_none() {
        eprintln!("left out: {name} is not set; script/services starts what it names");
    }
    value
}
