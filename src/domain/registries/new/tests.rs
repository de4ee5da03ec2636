use super::*;

const NOW: Time = Time(1_800_000_000_000_000);

fn fields(new: NewRegistry) -> Vec<String> {
    new.parse(None, NOW).unwrap_err().0.into_iter().map(|problem| problem.field.into_owned()).collect()
}

#[test]
fn all_problems_come_at_once() {
    assert_eq!(fields(NewRegistry::default()), ["display_name", "authentication", "host"]);
    let basic = NewRegistry {
        authentication: "basic".into(),
        host: "ghcr.io/acme".into(),
        expires_on: "soon".into(),
        ca_certificates: "none".into(),
        test_repository: "A b".into(),
        ..NewRegistry::default()
    };
    assert_eq!(fields(basic), ["display_name", "host", "username", "password", "expires_on", "ca_certificates", "test_repository"]);
}

#[test]
fn docker_hub_has_one_host() {
    let hub = NewRegistry {
        display_name: "Hub".into(),
        authentication: "public".into(),
        host: "https://registry.hub.docker.com/".into(),
        ..NewRegistry::default()
    };
    let connection = hub.parse(None, NOW).unwrap().connection;
    assert_eq!(connection.host, "docker.io");
    assert!(matches!(connection.secret, Secret::None));
}

#[test]
fn a_public_registry_keeps_no_login() {
    let typed = NewRegistry {
        display_name: "Open".into(),
        authentication: "public".into(),
        host: "quay.io".into(),
        username: "left over".into(),
        password: "secret".into(),
        docker_config: "{}".into(),
        expires_on: "2030-01-01".into(),
        ..NewRegistry::default()
    };
    let connection = typed.parse(None, NOW).unwrap().connection;
    assert!(matches!(connection.secret, Secret::None));
    assert_eq!((connection.expires_at, connection.path_prefix), (None, None));
}
