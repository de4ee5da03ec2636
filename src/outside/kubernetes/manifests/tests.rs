use insta::assert_yaml_snapshot;

use super::*;
use crate::{
    domain::components::SecurityProfile,
    outside::kubernetes::fixtures::{endpoint, every_night, image, pull_secret, release, release_of},
};

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
fn a_web_application_is_a_deployment_and_a_service_on_its_port() {
    let release = release_of(Workload::WebApplication { port: 3000 });
    assert_yaml_snapshot!(deployment(&release));
    assert_yaml_snapshot!(service(&release));
    assert!(cron_job(&release).is_none());
}

#[test]
fn a_scheduled_task_is_a_cron_job_alone() {
    let release = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release_of(every_night()) };
    assert_yaml_snapshot!(cron_job(&release));
    assert!(deployment(&release).is_none() && service(&release).is_none());
}

#[test]
fn a_restricted_scheduled_task_has_the_pod_of_its_profile() {
    let release = Release { profile: SecurityProfile::Restricted, ..release_of(every_night()) };
    let job = cron_job(&release).unwrap().spec.unwrap().job_template.spec.unwrap();
    let container = job.template.spec.unwrap().containers.remove(0);
    let security = container.security_context.unwrap();
    assert_eq!((security.run_as_non_root, security.capabilities.unwrap().add), (Some(true), None));
}

#[test]
fn a_manual_task_has_no_workload() {
    let release = release_of(Workload::ManualTask);
    assert!(deployment(&release).is_none() && service(&release).is_none() && cron_job(&release).is_none());
}

#[test]
fn endpoints_that_a_task_was_left_with_are_no_ports() {
    let release = Release { endpoints: vec![endpoint("api", 9090, EndpointKind::Rest)], ..release_of(every_night()) };
    let job = cron_job(&release).unwrap().spec.unwrap().job_template.spec.unwrap();
    let container = job.template.spec.unwrap().containers.remove(0);
    assert!(container.ports.is_none() && container.readiness_probe.is_none());
    assert!(service(&release).is_none());
}

#[test]
fn a_restricted_deployment_adds_nothing() {
    let release = Release { profile: SecurityProfile::Restricted, ..release() };
    assert_yaml_snapshot!(deployment(&release).unwrap().spec.unwrap().template.spec);
}

#[test]
fn the_longest_name_gives_a_name_that_kubernetes_takes() {
    let release = Release { component_name: "n".repeat(50), ..release_of(every_night()) };
    assert!(cron_job(&release).unwrap().metadata.name.unwrap().len() <= 52, "a CronJob's Jobs get 11 characters more");
    assert!(container_name(&Release { workload: Workload::Service, ..release }).len() <= 63);
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
fn there_is_no_service_in_front_of_a_service_without_endpoints() {
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
    assert!(deployment(&release()).unwrap().spec.unwrap().template.spec.unwrap().image_pull_secrets.is_none());
}

#[test]
fn a_pod_lists_the_secret_that_is_made() {
    let private = Release { pull_secret: Some(pull_secret("registry.example.com", "hunter2")), ..release() };
    let listed = deployment(&private).unwrap().spec.unwrap().template.spec.unwrap().image_pull_secrets.unwrap();
    let made = super::pull_secret(&private.secret_place(), private.pull_secret.as_ref().unwrap());
    assert_eq!(listed.iter().map(|listed| Some(&listed.name)).collect::<Vec<_>>(), [made.metadata.name.as_ref()]);
}
