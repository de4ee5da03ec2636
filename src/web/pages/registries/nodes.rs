//! What the nodes' containerd must be told of a registry that has its own issuer, or no TLS at all: files to copy.

use leptos::prelude::*;

use crate::{
    domain::registries::Registry,
    web::{parts::CodeBlock, paths},
};

const FOLDER: &str = "/etc/containerd/certs.d";

/// "On the nodes": nothing where the nodes trust the registry's certificate anyway.
pub(super) fn card(registry: &Registry, plain_http: bool) -> Option<AnyView> {
    if registry.ca_certificates.is_none() && !plain_http {
        return None;
    }
    let folder = format!("{FOLDER}/{}", registry.host);
    let why = if plain_http {
        "This registry is spoken to without TLS. Nodes pull by their own containerd, which must be told so."
    } else {
        "This registry's certificate has an issuer of its own. Nodes pull by their own containerd, which must trust it too."
    };
    let ca = registry.ca_certificates.clone().filter(|_| !plain_http).map(|text| {
        view! { <CodeBlock path=format!("{folder}/ca.crt") text=text/> }
    });
    Some(
        view! {
            <article class="card" aria-labelledby="on-the-nodes">
                <header><h2 id="on-the-nodes">"On the nodes"</h2></header>
                <section class="stacked">
                    <p>{why}" Put on each node:"</p>
                    <CodeBlock path=format!("{folder}/hosts.toml") text=hosts_toml(&registry.host, plain_http)/>
                    {ca}
                    <p class="dim">
                        "containerd reads them at the next pull if its "<code>"config_path"</code>" is "<code>{FOLDER}</code>"; see "
                        <a href=paths::guide("register-a-registry")>"How to register a registry"</a>"."
                    </p>
                </section>
            </article>
        }
        .into_any(),
    )
}

/// containerd's `hosts.toml` for one host.
fn hosts_toml(host: &str, plain_http: bool) -> String {
    if plain_http {
        let server = format!("http://{host}");
        format!("server = \"{server}\"\n\n[host.\"{server}\"]\n  capabilities = [\"pull\", \"resolve\"]\n")
    } else {
        let server = format!("https://{host}");
        format!(
            "server = \"{server}\"\n\n[host.\"{server}\"]\n  capabilities = [\"pull\", \"resolve\"]\n  ca = \"{FOLDER}/{host}/ca.crt\"\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_issuer_is_named_by_its_file() {
        let wanted = r#"server = "https://registry.example.com:5000"

[host."https://registry.example.com:5000"]
  capabilities = ["pull", "resolve"]
  ca = "/etc/containerd/certs.d/registry.example.com:5000/ca.crt"
"#;
        assert_eq!(hosts_toml("registry.example.com:5000", false), wanted);
    }

    #[test]
    fn without_tls_the_scheme_says_so() {
        let text = hosts_toml("10.0.0.7:5000", true);
        assert!(text.contains("server = \"http://10.0.0.7:5000\"") && !text.contains("ca ="), "{text}");
    }
}
