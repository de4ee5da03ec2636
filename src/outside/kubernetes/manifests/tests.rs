use insta::assert_yaml_snapshot;

use super::*;
use crate::outside::kubernetes::fixtures::{endpoint, image, pull_secret, release};

#[test]
fn a_namespace_says_whose_it_is() {
    assert_yaml_snapshot!(namespace(&release().place));
}

#[test]
fn a_deployment_of_a_private_image() {
    assert_yaml_snapshot!(deployment(&Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release() }));
}

#[test]
fn a_deployment_without_endpoints_of_a_tag() {
    let tagged = Release { image: image("registry.example.com/shop/greeter:1.2"), endpoints: Vec::new(), ..release() };
    assert_yaml_snapshot!(deployment(&tagged));
}

#[test]
fn a_service_has_each_port_once() {
    let endpoints = vec![
        endpoint("api", 9090, EndpointKind::Rest),
        endpoint("admin", 9090, EndpointKind::GraphQL),
        endpoint("voice", 9090, EndpointKind::Udp),
        endpoint("grpc", 50051, EndpointKind::Grpc),
    ];
    assert_yaml_snapshot!(service(&Release { endpoints, ..release() }));
}

#[test]
fn there_is_no_service_without_endpoints() {
    assert!(service(&Release { endpoints: Vec::new(), ..release() }).is_none());
}

#[test]
fn a_pull_secret_is_what_the_kubelet_reads() {
    let secret = pull_secret_of("https://index.docker.io/v1/");
    let config: serde_json::Value = serde_json::from_slice(&secret.data.as_ref().unwrap()[".dockerconfigjson"].0).unwrap();
    let entry = &config["auths"]["https://index.docker.io/v1/"];
    assert_eq!(entry["username"], "tester");
    assert_eq!(entry["password"], "hunter2");
    assert_eq!(BASE64.decode(entry["auth"].as_str().unwrap()).unwrap(), b"tester:hunter2");
    assert_yaml_snapshot!(secret.metadata);
    assert_eq!(secret.type_.as_deref(), Some("kubernetes.io/dockerconfigjson"));
}

fn pull_secret_of(auth_key: &str) -> Secret {
    super::pull_secret(&release().secret_place(), &pull_secret(auth_key, "hunter2"))
}

#[test]
fn a_pod_of_a_public_image_lists_no_secret() {
    assert!(deployment(&release()).spec.unwrap().template.spec.unwrap().image_pull_secrets.is_none());
}

#[test]
fn a_pod_lists_the_secret_that_is_made() {
    let private = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release() };
    let listed = deployment(&private).spec.unwrap().template.spec.unwrap().image_pull_secrets.unwrap();
    let made = super::pull_secret(&private.secret_place(), private.pull_secret.as_ref().unwrap());
    assert_eq!(listed.iter().map(|listed| Some(&listed.name)).collect::<Vec<_>>(), [made.metadata.name.as_ref()]);
}
