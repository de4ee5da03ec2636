//! Invoke: where what serves answers, by visibility, each address to be copied, and a line that calls it. Addresses are
//! computed by `domain::routes`.

use leptos::prelude::*;

use crate::{
    domain::{
        components::{Component, Kind},
        deployments::Standing,
        endpoints::{self, EndpointKind, Visibility},
        organizations::Project,
        routes::{self, Address, Capabilities, Entrance, Subject},
    },
    web::{
        pages::kinds,
        parts::{CodeBlock, CopyField},
        paths,
    },
};

/// Where the release that serves in an environment answers; empty of a task, and while it is stopped.
pub(super) struct Invoke {
    kind: Kind,
    pub(super) addresses: Vec<Address>,
}

impl Invoke {
    pub(super) fn of(
        entrance: &Entrance,
        capabilities: &Capabilities,
        project: &Project,
        component: &Component,
        standing: &Standing,
        namespace: Option<&str>,
    ) -> Self {
        let serving = standing.current.as_ref().filter(|current| !current.is_stopped());
        let (Some(serving), Some(namespace)) = (serving, namespace) else {
            return Self { kind: component.kind(), addresses: Vec::new() };
        };
        let base_host = entrance.domain.as_ref().and_then(|domain| standing.environment.base_host(domain));
        let read = endpoints::read(&serving.endpoints_yaml);
        let is_service = serving.workload.kind() == Kind::Service;
        let subject = Subject {
            project: &project.name,
            component: &component.name,
            namespace,
            workload: &serving.workload,
            endpoints: if is_service { &read.endpoints } else { &[] },
            default_endpoint: serving.default_endpoint.as_deref(),
            base_host: base_host.as_deref(),
        };
        let mut addresses = routes::addresses(&subject, entrance, capabilities);
        if addresses.is_empty() {
            addresses = kinds::addresses(&serving.workload, &serving.endpoints_yaml, &component.name, namespace);
        }
        Self { kind: serving.workload.kind(), addresses }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.addresses.is_empty()
    }

    /// The section of a card; `environment` keeps apart what is unfolded on a page with several.
    pub(super) fn view(&self, environment: &str) -> Option<AnyView> {
        if self.is_empty() {
            return None;
        }
        let title = if self.kind == Kind::Service { "Endpoints" } else { "Address" };
        let rows = self.addresses.iter().map(row).collect_view();
        let calls = self.addresses.iter().filter_map(call).collect::<Vec<_>>();
        let calls = calls.into_iter().map(|(name, line)| view! { <CodeBlock path=name text=line/> }).collect_view();
        let is_public = self.addresses.iter().any(|address| widest(address) == Visibility::Public);
        let unguarded = is_public.then(|| {
            view! { <p class="dim unguarded">"Slipway does not authenticate callers of Public endpoints: the program has to."</p> }
        });
        let meanings = Visibility::ALL.map(|visibility| {
            view! { <li><b>{visibility.as_str()}</b>": "{meaning(visibility)}</li> }
        });
        Some(
            view! {
                <section>
                    <h2>{title}</h2>
                    <ul class="plain-list invoke">{rows}</ul>
                    {unguarded}
                    <details class="events" id=format!("invoke-{environment}")>
                        <summary>"Invoke"</summary>
                        <div class="calls">
                            {calls}
                            <ul class="meanings">{meanings.into_iter().collect_view()}</ul>
                            <p><a href=paths::guide("invoke")>"How to invoke an endpoint"</a></p>
                        </div>
                    </details>
                </section>
            }
            .into_any(),
        )
    }

    /// The addresses alone: what a stop takes away.
    pub(super) fn list(&self) -> Option<AnyView> {
        (!self.is_empty()).then(|| view! { <ul class="plain-list invoke">{self.addresses.iter().map(row).collect_view()}</ul> }.into_any())
    }
}

fn widest(address: &Address) -> Visibility {
    address.visibilities.iter().copied().max().unwrap_or(Visibility::Project)
}

/// What a visibility means for who can call.
fn meaning(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Project => "from components of the same project in the same environment",
        Visibility::Organization => "from components of every project of the organization in the same environment",
        Visibility::Public => "from everywhere that reaches the cluster's entrance",
    }
}

fn row(address: &Address) -> AnyView {
    let widest = widest(address);
    // Inside the cluster there is one address, whoever may use it.
    let inside = [Visibility::Project, Visibility::Organization].into_iter().filter(|visibility| *visibility <= widest);
    let inside = inside.map(|visibility| {
        let label = format!("{} address of {}", visibility.as_str(), address.name);
        view! { <dt>{visibility.as_str()}</dt><dd><CopyField value=address.inside.clone() label=label/></dd> }
    });
    let public = address.public.as_ref().map(|public| match public {
        Ok(url) => {
            let label = format!("Public address of {}", address.name);
            view! { <dt>"Public"</dt><dd><CopyField value=url.clone() label=label/></dd> }.into_any()
        }
        Err(why) => view! { <dt>"Public"</dt><dd class="wrap dim">{*why}</dd> }.into_any(),
    });
    let badge = (address.kind.is_some()).then(|| view! { " "<span class="badge plain">{widest.as_str()}</span> });
    view! {
        <li>
            <p class="break"><b>{address.name.clone()}</b>" "<span class="badge plain">{address.speaks}</span>{badge}</p>
            <dl class="facts">{inside.collect_view()}{public}</dl>
        </li>
    }
    .into_any()
}

/// A line that calls an endpoint, with what it calls: by its Public address where it has one, else from inside the cluster.
fn call(address: &Address) -> Option<(String, String)> {
    let (url, from) = match &address.public {
        Some(Ok(url)) => (url, "from everywhere"),
        _ => (&address.inside, "from inside the cluster"),
    };
    let line = match address.kind {
        Some(EndpointKind::Rest) | None => format!("curl -i {}", quoted(url)),
        Some(EndpointKind::GraphQL) => {
            format!("curl -i {} -H 'Content-Type: application/json' -d '{{\"query\":\"{{ __typename }}\"}}'", quoted(url))
        }
        Some(EndpointKind::Grpc) => grpcurl(url),
        Some(EndpointKind::Ws | EndpointKind::Tcp | EndpointKind::Udp) => return None,
    };
    Some((format!("{}, {from}", address.name), line))
}

/// `grpcurl` takes host and port, and TLS for granted.
fn grpcurl(url: &str) -> String {
    let (plain, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (false, rest),
        (None, rest) => (true, rest.unwrap_or(url)),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let port = if authority.contains(':') {
        ""
    } else if plain {
        ":80"
    } else {
        ":443"
    };
    format!("grpcurl {}{} list", if plain { "-plaintext " } else { "" }, quoted(&format!("{authority}{port}")))
}

/// One word for a shell, whatever is in it: a context may hold anything.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(kind: EndpointKind, inside: &str, public: Option<Result<String, &'static str>>) -> Address {
        let visibilities = vec![if public.is_some() { Visibility::Public } else { Visibility::Project }];
        Address { name: "greeting".into(), speaks: kind.as_str(), kind: Some(kind), visibilities, inside: inside.into(), public }
    }

    fn line(kind: EndpointKind, inside: &str, public: Option<&str>) -> Option<String> {
        call(&address(kind, inside, public.map(|url| Ok(url.to_owned())))).map(|(_, line)| line)
    }

    #[test]
    fn a_call_takes_the_public_address_where_there_is_one() {
        let inside = "http://greeter.slw-acme:8080/v1";
        assert_eq!(line(EndpointKind::Rest, inside, None).unwrap(), "curl -i 'http://greeter.slw-acme:8080/v1'");
        assert_eq!(line(EndpointKind::Rest, inside, Some("https://a.example/shop")).unwrap(), "curl -i 'https://a.example/shop'");
        let (name, refused) = call(&address(EndpointKind::Rest, inside, Some(Err("There is no domain.")))).unwrap();
        assert_eq!((name.as_str(), refused.as_str()), ("greeting, from inside the cluster", "curl -i 'http://greeter.slw-acme:8080/v1'"));
        assert_eq!(line(EndpointKind::Tcp, "greeter.slw-acme:9000", None), None);
    }

    #[test]
    fn grpc_is_called_by_host_and_port() {
        assert_eq!(line(EndpointKind::Grpc, "greeter.slw-acme:9090", None).unwrap(), "grpcurl -plaintext 'greeter.slw-acme:9090' list");
        assert_eq!(line(EndpointKind::Grpc, "x:1", Some("https://g.example/")).unwrap(), "grpcurl 'g.example:443' list");
        assert_eq!(line(EndpointKind::Grpc, "x:1", Some("http://g.example:8080")).unwrap(), "grpcurl -plaintext 'g.example:8080' list");
    }

    #[test]
    fn a_context_can_not_leave_its_word_in_a_shell() {
        let evil = "http://greeter:80/'; rm -rf ~; echo '";
        assert_eq!(line(EndpointKind::Rest, evil, None).unwrap(), r"curl -i 'http://greeter:80/'\''; rm -rf ~; echo '\'''");
    }

    #[test]
    fn each_visibility_up_to_the_widest_has_its_address() {
        let html = |public| Owner::new().with(|| row(&address(EndpointKind::Rest, "http://greeter:80/", public)).to_html());
        let project = html(None);
        assert!(project.contains("Project address of greeting") && !project.contains("Organization address"), "{project}");
        let public = html(Some(Err("No domain is configured.")));
        assert!(public.contains("Organization address of greeting") && public.contains("No domain is configured."), "{public}");
    }
}
