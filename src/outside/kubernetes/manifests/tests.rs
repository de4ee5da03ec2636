use insta::assert_yaml_snapshot;

use super::*;
use crate::{
    domain::{
        components::SecurityProfile,
        endpoints::{EndpointKind, Visibility},
        routes::{Capabilities, Entrance, GatewayName, PublicDomain},
    },
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

/// Where a Gateway and a domain are configured.
fn entrance() -> Entrance {
    Entrance {
        domain: Some(PublicDomain { scheme: "https", host: "apps.example.com".into(), port: None }),
        gateway: Some(GatewayName { namespace: "edge".into(), name: "public".into() }),
        ingress_class: Some("nginx".into()),
    }
}

/// Kubernetes of today with the Gateway API.
fn with_gateway_api() -> Capabilities {
    Capabilities { version: "1.33".into(), http_route: true, grpc_route: true, enforces_network_policies: None }
}

fn without_gateway_api() -> Capabilities {
    Capabilities { version: "1.20".into(), ..Capabilities::default() }
}

/// A Service with an endpoint of each kind and visibility.
fn open_release() -> Release {
    let of = |name: &str, port, kind, visibility, context: Option<&str>| crate::domain::endpoints::Endpoint {
        visibilities: vec![visibility],
        context: context.map(String::from),
        ..endpoint(name, port, kind)
    };
    Release {
        endpoints: vec![
            of("api", 8080, EndpointKind::Rest, Visibility::Public, Some("/v1")),
            of("admin", 8081, EndpointKind::Rest, Visibility::Project, Some("/")),
            of("reports", 8082, EndpointKind::GraphQL, Visibility::Organization, Some("/graphql")),
            of("rpc", 50051, EndpointKind::Grpc, Visibility::Public, None),
            of("voice", 9125, EndpointKind::Udp, Visibility::Public, None),
            of("also-reports", 8082, EndpointKind::Rest, Visibility::Project, Some("/")),
        ],
        base_host: Some("development-acme.apps.example.com".into()),
        ..release()
    }
}

/// Kind and name of each.
fn names(wanted: &[Wanted]) -> Vec<String> {
    wanted.iter().map(|object| format!("{}/{}", object.kind(), object.name())).collect()
}

#[test]
fn by_the_gateway_api_each_public_endpoint_is_a_route() {
    let wanted = of(&open_release(), &entrance(), &with_gateway_api());
    let expected = [
        "NetworkPolicy/greeter",
        "Service/greeter",
        "Service/greeter--voice",
        "Deployment/greeter",
        "HTTPRoute/greeter--api",
        "GRPCRoute/greeter--rpc",
    ];
    assert_eq!(names(&wanted), expected);
    for object in wanted {
        match object {
            Wanted::NetworkPolicy(object) => assert_yaml_snapshot!("a_policy_lets_in_by_port", object),
            Wanted::HttpRoute(object) => assert_yaml_snapshot!("an_http_route_rewrites_the_path", object),
            Wanted::GrpcRoute(object) => assert_yaml_snapshot!("a_grpc_route_has_a_host_of_its_own", object),
            Wanted::Service(object) if object.metadata.name.as_deref() == Some("greeter--voice") => {
                assert_yaml_snapshot!("a_load_balancer_has_one_port", object);
            }
            _ => {}
        }
    }
}

#[test]
fn without_the_gateway_api_an_ingress_has_a_host_of_its_own() {
    let wanted = of(&open_release(), &entrance(), &without_gateway_api());
    let expected = ["NetworkPolicy/greeter", "Service/greeter", "Service/greeter--voice", "Deployment/greeter", "Ingress/greeter--api"];
    assert_eq!(names(&wanted), expected, "GRPC is not Public here");
    let Some(Wanted::Ingress(ingress)) = wanted.last() else { panic!("{wanted:?}") };
    assert_yaml_snapshot!(ingress);

    let plain =
        Entrance { domain: Some(PublicDomain { scheme: "http", host: "localhost".into(), port: Some(8000) }), ..Entrance::default() };
    let Some(Wanted::Ingress(ingress)) = of(&open_release(), &plain, &with_gateway_api()).pop() else { panic!("no gateway is named") };
    let spec = ingress.spec.unwrap();
    assert_eq!((spec.tls, spec.ingress_class_name), (None, None));
}

#[test]
fn where_the_gateway_can_t_be_told_a_public_port_is_open_to_anyone() {
    let rules = |entrance: &Entrance, capabilities: &Capabilities| match of(&open_release(), entrance, capabilities).remove(0) {
        Wanted::NetworkPolicy(policy) => policy.spec.unwrap().ingress.unwrap(),
        other => panic!("{other:?}"),
    };
    let is_open = |rules: &[k8s_openapi::api::networking::v1::NetworkPolicyIngressRule]| {
        rules.iter().map(|rule| rule.from.is_none()).collect::<Vec<_>>()
    };
    // 8080 api, 8081 admin, 8082 reports, 9125 voice, 50051 rpc
    assert_eq!(is_open(&rules(&entrance(), &with_gateway_api())), [false, false, false, true, false]);
    assert_eq!(is_open(&rules(&entrance(), &without_gateway_api())), [true, false, false, true, true]);
    assert_eq!(is_open(&rules(&Entrance::default(), &with_gateway_api())), [true, false, false, true, true]);
    let unlabelled = Capabilities { version: "1.20".into(), ..with_gateway_api() };
    assert_eq!(is_open(&rules(&entrance(), &unlabelled)), [true, false, false, true, true], "its namespaces have no name to select by");
}

#[test]
fn the_widest_endpoint_of_a_port_opens_it() {
    let two = |first, second| Release {
        endpoints: [first, second]
            .map(|visibility| crate::domain::endpoints::Endpoint {
                visibilities: vec![visibility],
                ..endpoint("api", 8080, EndpointKind::Rest)
            })
            .into(),
        ..release()
    };
    let rules = |release: &Release| {
        network_policy::network_policy(release, &[], &Entrance::default(), &with_gateway_api()).unwrap().spec.unwrap().ingress.unwrap()
    };
    let organization = rules(&two(Visibility::Organization, Visibility::Organization));
    assert_eq!(rules(&two(Visibility::Project, Visibility::Organization)), organization);
    assert_eq!(rules(&two(Visibility::Organization, Visibility::Project)), organization);
    assert_ne!(rules(&two(Visibility::Project, Visibility::Project)), organization);
    assert!(rules(&two(Visibility::Public, Visibility::Project))[0].from.is_none());
    assert!(rules(&Release { endpoints: Vec::new(), ..release() }).is_empty(), "nobody calls what has no endpoint");
}

#[test]
fn a_web_application_is_public_on_its_port() {
    let release =
        Release { base_host: Some("development-acme.apps.example.com".into()), ..release_of(Workload::WebApplication { port: 3000 }) };
    let wanted = of(&release, &entrance(), &with_gateway_api());
    assert_eq!(names(&wanted), ["NetworkPolicy/greeter", "Service/greeter", "Deployment/greeter", "HTTPRoute/greeter"]);
    let Some(Wanted::HttpRoute(route)) = wanted.last() else { panic!("{wanted:?}") };
    assert_yaml_snapshot!(route);
    assert_eq!(
        names(&of(&release, &Entrance::default(), &with_gateway_api())),
        ["NetworkPolicy/greeter", "Service/greeter", "Deployment/greeter"]
    );
}

#[test]
fn a_task_lets_nobody_in_and_is_nowhere_reached() {
    assert_eq!(names(&of(&release_of(every_night()), &entrance(), &with_gateway_api())), ["CronJob/greeter"]);
    assert_eq!(names(&of(&release_of(Workload::ManualTask), &entrance(), &with_gateway_api())), [""; 0]);
}

#[test]
fn what_is_stopped_keeps_its_routes_and_its_schedule_sleeps() {
    let stopped = Release { replicas: 0, ..open_release() };
    let running = of(&open_release(), &entrance(), &with_gateway_api());
    let wanted = of(&stopped, &entrance(), &with_gateway_api());
    assert_eq!(names(&wanted), names(&running));
    let replicas = |wanted: &[Wanted]| {
        wanted.iter().find_map(|object| match object {
            Wanted::Deployment(deployment) => deployment.spec.as_ref()?.replicas,
            _ => None,
        })
    };
    assert_eq!((replicas(&running), replicas(&wanted)), (Some(2), Some(0)));
    let suspended = |replicas| cron_job(&Release { replicas, ..release_of(every_night()) }).unwrap().spec.unwrap().suspend;
    assert_eq!((suspended(1), suspended(0)), (Some(false), Some(true)));
}

#[test]
fn every_object_says_whose_it_is() {
    for capabilities in [with_gateway_api(), without_gateway_api()] {
        for object in of(&open_release(), &entrance(), &capabilities) {
            let value = match &object {
                Wanted::NetworkPolicy(object) => serde_json::to_value(object),
                Wanted::Service(object) => serde_json::to_value(object),
                Wanted::Deployment(object) => serde_json::to_value(object),
                Wanted::CronJob(object) => serde_json::to_value(object),
                Wanted::HttpRoute(object) => serde_json::to_value(object),
                Wanted::GrpcRoute(object) => serde_json::to_value(object),
                Wanted::Ingress(object) => serde_json::to_value(object),
            }
            .unwrap();
            assert_eq!(value["kind"], object.kind());
            assert_eq!(value["metadata"]["labels"], serde_json::json!(object_labels(&open_release())), "{}", object.kind());
        }
    }
}
