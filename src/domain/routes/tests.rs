use proptest::prelude::*;

use super::{super::endpoints::slug, *};

const BASE: &str = "development-acme.apps.example.com";

fn endpoint(name: &str, kind: EndpointKind, visibility: Visibility) -> Endpoint {
    Endpoint {
        name: name.into(),
        display_name: None,
        port: 8080,
        kind,
        visibilities: vec![Visibility::Project, visibility],
        context: kind.has_context().then(|| "/v1/".into()),
        schema_file_path: None,
    }
}

fn public(name: &str, kind: EndpointKind) -> Endpoint {
    endpoint(name, kind, Visibility::Public)
}

fn entrance() -> Entrance {
    Entrance {
        domain: Some(PublicDomain { scheme: "https", host: "apps.example.com".into(), port: None }),
        gateway: Some(GatewayName { namespace: "edge".into(), name: "public".into() }),
        ingress_class: None,
    }
}

fn everything() -> Capabilities {
    Capabilities { version: "1.33".into(), http_route: true, grpc_route: true, enforces_network_policies: None }
}

fn subject<'a>(endpoints: &'a [Endpoint]) -> Subject<'a> {
    Subject {
        project: "shop",
        component: "greeter",
        namespace: "slw-acme",
        workload: &Workload::Service,
        endpoints,
        default_endpoint: None,
        base_host: Some(BASE),
    }
}

fn web<'a>(component: &'a str, project: &'a str) -> Subject<'a> {
    Subject { component, project, workload: &Workload::WebApplication { port: 3000 }, ..subject(&[]) }
}

/// `HttpRoute host path rewrite` of each route.
fn told(routes: &[Route]) -> Vec<String> {
    let word = |word: Option<&str>| word.unwrap_or("none").replace(BASE, "BASE");
    routes.iter().map(|of| format!("{:?} {} {} {}", of.by, word(of.host.as_deref()), of.path, word(of.rewrite.as_deref()))).collect()
}

fn urls(subject: &Subject<'_>, entrance: &Entrance, capabilities: &Capabilities) -> Vec<String> {
    let url = |address: Address| match address.public {
        Some(Ok(url)) => url.replace(BASE, "BASE"),
        Some(Err(reason)) => reason.into(),
        None => "not Public".into(),
    };
    addresses(subject, entrance, capabilities).into_iter().map(url).collect()
}

#[test]
fn by_which_object_a_kind_is_public() {
    use EndpointKind::{Grpc, Rest, Tcp, Udp, Ws};
    let (full, none) = (everything(), Capabilities::default());
    let no_gateway = Entrance { gateway: None, ..entrance() };
    let by = |kind, entrance: &Entrance, capabilities: &Capabilities| public_by(kind, entrance, capabilities);
    for kind in [Rest, Ws, EndpointKind::GraphQL] {
        assert_eq!(by(kind, &entrance(), &full), Ok(PublicBy::HttpRoute));
        assert_eq!(by(kind, &entrance(), &none), Ok(PublicBy::Ingress));
        assert_eq!(by(kind, &no_gateway, &full), Ok(PublicBy::Ingress));
        assert!(by(kind, &Entrance::default(), &full).unwrap_err().contains("SLIPWAY_PUBLIC_DOMAIN"));
    }
    assert_eq!(by(Grpc, &entrance(), &full), Ok(PublicBy::GrpcRoute));
    assert!(by(Grpc, &entrance(), &none).unwrap_err().contains("GRPCRoute"));
    assert!(by(Grpc, &no_gateway, &full).unwrap_err().contains("SLIPWAY_GATEWAY"));
    assert!(by(Grpc, &Entrance::default(), &none).unwrap_err().contains("SLIPWAY_PUBLIC_DOMAIN"));
    for kind in [Tcp, Udp] {
        assert_eq!(by(kind, &Entrance::default(), &none), Ok(PublicBy::LoadBalancer), "no domain is needed");
    }
}

#[test]
fn each_kind_has_its_way_in() {
    let endpoints = [
        public("Greeter API", EndpointKind::Rest),
        public("Live", EndpointKind::Ws),
        public("rpc", EndpointKind::Grpc),
        public("voice", EndpointKind::Udp),
        endpoint("inner", EndpointKind::Rest, Visibility::Organization),
    ];
    let by_gateway = routes(&subject(&endpoints), &entrance(), &everything());
    let expected = [
        "HttpRoute BASE /shop/greeter /v1",
        "HttpRoute BASE /shop/greeter/live /v1",
        "GrpcRoute rpc-greeter-shop.BASE / none",
        "LoadBalancer none  none",
    ];
    assert_eq!(told(&by_gateway), expected);
    assert_eq!((by_gateway[3].protocol, by_gateway[0].protocol, by_gateway[1].slug.as_str()), ("UDP", "TCP", "live"));

    let by_ingress = routes(&subject(&endpoints), &entrance(), &Capabilities::default());
    let expected =
        ["Ingress greeter-api-greeter-shop--a0b0a384.BASE /v1 none", "Ingress live-greeter-shop.BASE /v1 none", "LoadBalancer none  none"];
    assert_eq!(told(&by_ingress), expected);
}

#[test]
fn a_web_application_has_a_host_of_its_own() {
    assert_eq!(told(&routes(&web("site", "shop"), &entrance(), &everything())), ["HttpRoute site-shop.BASE / none"]);
    assert_eq!(told(&routes(&web("site", "shop"), &entrance(), &Capabilities::default())), ["Ingress site-shop.BASE / none"]);
    assert_eq!(urls(&web("site", "shop"), &entrance(), &everything()), ["https://site-shop.BASE/"]);
    assert!(routes(&web("site", "shop"), &Entrance::default(), &everything()).is_empty());
}

#[test]
fn a_task_has_no_way_in() {
    let task = Subject { workload: &Workload::ManualTask, ..subject(&[]) };
    assert!(routes(&task, &entrance(), &everything()).is_empty() && addresses(&task, &entrance(), &everything()).is_empty());
}

#[test]
fn the_component_s_own_path_is_the_marked_endpoint_s_or_else_the_first_s_that_has_a_path() {
    let paths = |endpoints: &[Endpoint], default_endpoint| {
        let of = Subject { default_endpoint, ..subject(endpoints) };
        routes(&of, &entrance(), &everything()).into_iter().map(|route| route.path).collect::<Vec<_>>()
    };
    let two = [public("a", EndpointKind::Rest), public("b", EndpointKind::GraphQL)];
    assert_eq!(paths(&two, None), ["/shop/greeter", "/shop/greeter/b"]);
    assert_eq!(paths(&two, Some("b")), ["/shop/greeter/a", "/shop/greeter"]);
    assert_eq!(paths(&two, Some("gone")), ["/shop/greeter", "/shop/greeter/b"]);
    let hidden_first =
        [public("tcp", EndpointKind::Tcp), endpoint("a", EndpointKind::Rest, Visibility::Project), public("b", EndpointKind::Rest)];
    assert_eq!(paths(&hidden_first, Some("tcp")), ["", "/shop/greeter/b"], "a hidden endpoint keeps its place");
}

#[test]
fn nothing_is_rewritten_where_the_context_is_the_path() {
    let same = Endpoint { context: Some("/shop/greeter".into()), ..public("a", EndpointKind::Rest) };
    let root = Endpoint { context: Some("/".into()), ..public("a", EndpointKind::Rest) };
    assert_eq!(told(&routes(&subject(&[same]), &entrance(), &everything())), ["HttpRoute BASE /shop/greeter none"]);
    assert_eq!(told(&routes(&subject(&[root]), &entrance(), &everything())), ["HttpRoute BASE /shop/greeter /"]);
}

#[test]
fn addresses_are_as_callers_write_them() {
    let endpoints = [
        public("api", EndpointKind::Rest),
        public("live", EndpointKind::Ws),
        public("rpc", EndpointKind::Grpc),
        public("voice", EndpointKind::Udp),
        endpoint("inner", EndpointKind::Rest, Visibility::Organization),
    ];
    let subject = subject(&endpoints);
    let lb = "The cluster gives its load balancer an address: `kubectl get services` shows it as EXTERNAL-IP.";
    let expected = ["https://BASE/shop/greeter", "wss://BASE/shop/greeter/live", "rpc-greeter-shop.BASE:443", lb, "not Public"];
    assert_eq!(urls(&subject, &entrance(), &everything()), expected);

    let plain = Entrance { domain: Some(PublicDomain { scheme: "http", host: "apps.example.com".into(), port: Some(8000) }), ..entrance() };
    let by_ingress = urls(&subject, &plain, &Capabilities::default());
    assert_eq!(by_ingress[..2], ["http://api-greeter-shop.BASE:8000/v1", "ws://live-greeter-shop.BASE:8000/v1"]);
    assert!(by_ingress[2].contains("GRPCRoute"));
    assert_eq!(urls(&subject, &plain, &everything())[2], "rpc-greeter-shop.BASE:8000");

    let inside: Vec<_> = addresses(&subject, &entrance(), &everything()).into_iter().map(|address| address.inside).collect();
    assert_eq!(inside[0], "http://greeter.slw-acme:8080/v1/");
    assert_eq!(inside[2], "greeter.slw-acme:8080");
}

#[test]
fn what_has_no_address_says_why() {
    let endpoints = [public("api", EndpointKind::Rest)];
    assert!(urls(&subject(&endpoints), &Entrance::default(), &everything())[0].contains("SLIPWAY_PUBLIC_DOMAIN"));
    let before = Subject { base_host: None, ..subject(&endpoints) };
    assert_eq!(urls(&before, &entrance(), &everything()), ["The environment's host is given with the first deployment to it."]);
}

#[test]
fn only_a_cluster_since_1_21_labels_its_namespaces() {
    let labels = |version: &str| Capabilities { version: version.into(), ..Capabilities::default() }.labels_namespaces();
    assert_eq!(["1.20", "1.21", "1.33", "2.0", "", "1", "odd.21"].map(labels), [false, true, true, true, false, false, false]);
}

#[test]
fn names_that_read_alike_are_told_apart() {
    let hosts = [web("a-b", "c"), web("a", "b-c")].map(|web| routes(&web, &entrance(), &everything()).remove(0).host.unwrap());
    assert_ne!(hosts[0], hosts[1]);
    let endpoints = [public("a", EndpointKind::Grpc)];
    let rpc = Subject { component: "b", project: "c", ..subject(&endpoints) };
    assert_eq!(told(&routes(&rpc, &entrance(), &everything())), ["GrpcRoute a-b-c.BASE / none"]);
    assert!(hosts.iter().all(|host| !host.starts_with("a-b-c.")), "{hosts:?}");
    assert_eq!(object_name("greeter", "api"), "greeter--api");
    assert_eq!(object_name("greeter", ""), "greeter");
}

/// Two components of one environment, by project, name, endpoint and kind of workload.
fn component() -> impl Strategy<Value = (String, String, String, EndpointKind, bool)> {
    let name = || "[a-c](-{0,2}[a-c0-9]){0,3}|[a-z]([a-z0-9-]{0,48}[a-z0-9])?";
    (name(), name(), "[a-c][a-c ]{0,3}|[A-Za-z][A-Za-z0-9 _-]{0,40}", prop::sample::select(&EndpointKind::ALL[..]), any::<bool>())
}

fn routes_of(of: &(String, String, String, EndpointKind, bool), capabilities: &Capabilities) -> Vec<Route> {
    let (project, component, name, kind, is_web) = of;
    let endpoints = [public("first", EndpointKind::Rest), public(name, *kind)];
    let subject = Subject { project, component, ..subject(&endpoints) };
    routes(&if *is_web { web(component, project) } else { subject }, &entrance(), capabilities)
}

/// Whether a request could be meant for both: one host, and one path a prefix of the other, part by part.
fn overlap(a: &Route, b: &Route) -> bool {
    let within = |inner: &str, outer: &str| outer == "/" || inner == outer || inner.starts_with(&format!("{outer}/"));
    a.host.is_some() && a.host == b.host && (within(&a.path, &b.path) || within(&b.path, &a.path))
}

proptest! {
    #[test]
    fn no_two_components_share_a_way_in(a in component(), b in component(), has_gateway: bool) {
        prop_assume!((&a.0, &a.1) != (&b.0, &b.1));
        let capabilities = if has_gateway { everything() } else { Capabilities::default() };
        let (of_a, of_b) = (routes_of(&a, &capabilities), routes_of(&b, &capabilities));
        for (a, b) in of_a.iter().flat_map(|a| of_b.iter().map(move |b| (a, b))) {
            prop_assert!(!overlap(a, b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn every_label_of_a_host_and_every_name_of_an_object_is_one_of_dns(a in component(), has_gateway: bool) {
        let is_label = |label: &str| {
            let allowed = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            (1..=63).contains(&label.len()) && allowed && !label.starts_with('-') && !label.ends_with('-')
        };
        let capabilities = if has_gateway { everything() } else { Capabilities::default() };
        for route in routes_of(&a, &capabilities) {
            prop_assert!(route.host.iter().flat_map(|host| host.split('.')).all(is_label), "{route:?}");
            prop_assert!(is_label(&object_name(&a.1, &route.slug)), "{route:?}");
        }
    }

    #[test]
    fn the_last_two_hyphens_of_a_short_name_stand_before_the_slug(component in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?", name in "[a-zA-Z0-9 -]{1,30}") {
        let slug = slug(&name);
        prop_assume!(!slug.is_empty());
        let named = object_name(&component, &slug);
        prop_assert_eq!(named.rsplit_once("--"), Some((component.as_str(), slug.as_str())));
    }
}
