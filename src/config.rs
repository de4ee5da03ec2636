//! Every environment variable, read once into typed values. Nothing else in the program asks the environment.

mod entrance;

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use ipnet::IpNet;
use secrecy::SecretString;

pub use self::entrance::{Entrance, PublicDomain};

/// How far a connection of the console's may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Egress {
    /// Public addresses only.
    Public,
    /// Also RFC 1918 and unique local addresses.
    Private,
    /// Also loopback.
    Any,
}

/// Where container workloads run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataPlaneConfig {
    Simulated,
    Kubeconfig(PathBuf),
    InCluster,
}

/// The typed configuration; [`VARIABLES`] describes each part.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Public address without a trailing slash.
    pub base_url: String,
    pub data_dir: PathBuf,
    pub database_url: SecretString,
    /// SQLite lies in the data folder, which one process owns.
    pub uses_sqlite: bool,
    /// A named key file must exist; the default one is made at first start.
    pub master_key_file: PathBuf,
    pub master_key_named: bool,
    pub data_plane: DataPlaneConfig,
    pub egress: Egress,
    pub data_plane_egress: Egress,
    pub entrance: Entrance,
    pub trusted_proxies: Vec<IpNet>,
    pub plain_http_registries: BTreeSet<String>,
    pub admin: Option<FirstAdmin>,
    pub metrics_listen: Option<SocketAddr>,
    pub samples: Vec<Sample>,
}

/// A public image for who has none at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Also the display name of the component that it is tried as.
    pub name: String,
    pub image: String,
    /// Where the image answers by HTTP.
    pub port: u16,
}

/// The first admin of an unattended start.
#[derive(Clone, Debug)]
pub struct FirstAdmin {
    pub email: String,
    pub password: SecretString,
}

/// A variable as `serve --help` and the README show it.
pub struct Variable {
    pub name: &'static str,
    pub default: &'static str,
    pub meaning: &'static str,
}

/// The table of variables; the README's is held against it by a test.
pub const VARIABLES: &[Variable] = &[
    Variable { name: "LEPTOS_SITE_ADDR", default: "127.0.0.1:3000", meaning: "Address and port to listen on." },
    Variable {
        name: "SLIPWAY_BASE_URL",
        default: "from the listen address",
        meaning: "Public address of the console, as people and pipelines reach it.",
    },
    Variable { name: "SLIPWAY_DATA_DIR", default: "./data", meaning: "Folder of the SQLite database and the master key." },
    Variable { name: "DATABASE_URL", default: "SQLite in the data folder", meaning: "`postgres://...` to use PostgreSQL." },
    Variable {
        name: "SLIPWAY_MASTER_KEY_FILE",
        default: "in the data folder, made at first start",
        meaning: "File with the master key that seals stored secrets; with PostgreSQL it must be named.",
    },
    Variable { name: "SLIPWAY_DATA_PLANE", default: "simulated", meaning: "`simulated`, `kubeconfig:<path>` or `in-cluster`." },
    Variable {
        name: "SLIPWAY_EGRESS",
        default: "public",
        meaning: "Where registries may be: `public`, `private` (also RFC 1918), `any` (also loopback).",
    },
    Variable {
        name: "SLIPWAY_DATA_PLANE_EGRESS",
        default: "private",
        meaning: "The same for the Kubernetes API: an address beyond it stops the start.",
    },
    Variable {
        name: "SLIPWAY_PUBLIC_DOMAIN",
        default: "none",
        meaning: "Domain below which Public endpoints answer: `apps.example.com`, with `http://` before it where nothing ends TLS.",
    },
    Variable {
        name: "SLIPWAY_GATEWAY",
        default: "none",
        meaning: "The Gateway that routes attach to, as `namespace/name`; without one there are Ingresses.",
    },
    Variable { name: "SLIPWAY_INGRESS_CLASS", default: "the cluster's own", meaning: "The IngressClass of those Ingresses." },
    Variable {
        name: "SLIPWAY_TRUSTED_PROXIES",
        default: "none",
        meaning: "Networks (CIDR, comma separated) whose X-Forwarded-For is believed.",
    },
    Variable {
        name: "SLIPWAY_PLAIN_HTTP_REGISTRIES",
        default: "none",
        meaning: "Registry hosts (host:port, comma separated) that may be spoken to without TLS.",
    },
    Variable {
        name: "SLIPWAY_ADMIN_EMAIL",
        default: "none",
        meaning: "With SLIPWAY_ADMIN_PASSWORD_FILE: makes the first admin at first start, without a setup link.",
    },
    Variable { name: "SLIPWAY_ADMIN_PASSWORD_FILE", default: "none", meaning: "File with the first admin's password." },
    Variable { name: "SLIPWAY_METRICS_ADDR", default: "none", meaning: "Address and port of the Prometheus metrics." },
    Variable {
        name: "SLIPWAY_SAMPLES",
        default: "a few well-known images",
        meaning: "Images that the Create page offers to try: `Name image port`, separated by `;`. `none` offers nothing.",
    },
    Variable { name: "RUST_LOG", default: "info", meaning: "What is logged; see tracing-subscriber's EnvFilter." },
];

/// The samples where none are configured.
const SAMPLES: &str = "Nginx nginx:stable-alpine 80; Nginx without root nginxinc/nginx-unprivileged:stable-alpine 8080; \
    HTTP echo hashicorp/http-echo:1.0 5678; Whoami traefik/whoami:latest 80";

impl Config {
    /// Reads the process's environment.
    pub fn from_environment() -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        Self::read(&|name| std::env::var(name).ok())
    }

    /// Reads variables from `lookup`; an empty value counts as unset. A wrong one gives a sentence that names it.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let get = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let listen: SocketAddr =
            parse(get("LEPTOS_SITE_ADDR").as_deref().unwrap_or("127.0.0.1:3000"), "LEPTOS_SITE_ADDR", "an address with a port")?;
        let base_url = base_url(get("SLIPWAY_BASE_URL"), listen)?;
        let data_dir = PathBuf::from(get("SLIPWAY_DATA_DIR").unwrap_or_else(|| "./data".into()));
        let database_url = get("DATABASE_URL");
        let uses_sqlite = database_url.is_none();
        if let Some(url) = &database_url
            && !url.starts_with("postgres://")
            && !url.starts_with("postgresql://")
        {
            bail!("DATABASE_URL must start with postgres://; without it SQLite in SLIPWAY_DATA_DIR is used");
        }
        let named_key = get("SLIPWAY_MASTER_KEY_FILE").map(PathBuf::from);
        if !uses_sqlite && named_key.is_none() {
            bail!("SLIPWAY_MASTER_KEY_FILE must name the master key's file when DATABASE_URL is PostgreSQL");
        }
        Ok(Self {
            listen,
            base_url,
            database_url: database_url.unwrap_or_else(|| format!("sqlite:{}", data_dir.join("slipway.db").display())).into(),
            uses_sqlite,
            master_key_named: named_key.is_some(),
            master_key_file: named_key.unwrap_or_else(|| data_dir.join("master.key")),
            data_dir,
            data_plane: data_plane(get("SLIPWAY_DATA_PLANE").as_deref().unwrap_or("simulated"))?,
            egress: egress(get("SLIPWAY_EGRESS"), "SLIPWAY_EGRESS", Egress::Public)?,
            data_plane_egress: egress(get("SLIPWAY_DATA_PLANE_EGRESS"), "SLIPWAY_DATA_PLANE_EGRESS", Egress::Private)?,
            entrance: Entrance::read(get("SLIPWAY_PUBLIC_DOMAIN"), get("SLIPWAY_GATEWAY"), get("SLIPWAY_INGRESS_CLASS"))?,
            trusted_proxies: list(get("SLIPWAY_TRUSTED_PROXIES"))
                .map(|network| parse(&network, "SLIPWAY_TRUSTED_PROXIES", "a list of networks such as 10.0.0.0/8"))
                .collect::<anyhow::Result<_>>()?,
            plain_http_registries: list(get("SLIPWAY_PLAIN_HTTP_REGISTRIES")).collect(),
            admin: first_admin(get("SLIPWAY_ADMIN_EMAIL"), get("SLIPWAY_ADMIN_PASSWORD_FILE"))?,
            metrics_listen: get("SLIPWAY_METRICS_ADDR")
                .map(|value| parse(&value, "SLIPWAY_METRICS_ADDR", "an address with a port"))
                .transpose()?,
            samples: samples(get("SLIPWAY_SAMPLES").as_deref().unwrap_or(SAMPLES))?,
        })
    }

    /// Cookies are `Secure` and carry the `__Host-` prefix.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

fn parse<T: std::str::FromStr>(value: &str, name: &str, wanted: &str) -> anyhow::Result<T> {
    value.parse().map_err(|_| anyhow::anyhow!("{name} is {value:?}; it must be {wanted}"))
}

fn list(value: Option<String>) -> impl Iterator<Item = String> {
    value.unwrap_or_default().split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect::<Vec<_>>().into_iter()
}

fn base_url(value: Option<String>, listen: SocketAddr) -> anyhow::Result<String> {
    let Some(value) = value else { return Ok(format!("http://{listen}")) };
    let url: url::Url = parse(&value, "SLIPWAY_BASE_URL", "an address such as https://slipway.example.com")?;
    if !matches!(url.scheme(), "http" | "https") || url.path() != "/" || url.query().is_some() || url.host().is_none() {
        bail!("SLIPWAY_BASE_URL is {value:?}; it must be scheme and host without a path, such as https://slipway.example.com");
    }
    Ok(value.trim_end_matches('/').to_owned())
}

fn data_plane(value: &str) -> anyhow::Result<DataPlaneConfig> {
    match value {
        "simulated" => Ok(DataPlaneConfig::Simulated),
        "in-cluster" => Ok(DataPlaneConfig::InCluster),
        _ => match value.strip_prefix("kubeconfig:") {
            Some(path) if Path::new(path).is_file() => Ok(DataPlaneConfig::Kubeconfig(path.into())),
            Some(path) => bail!("SLIPWAY_DATA_PLANE names the kubeconfig {path:?}, which is not a file"),
            None => bail!("SLIPWAY_DATA_PLANE is {value:?}; it must be simulated, kubeconfig:<path> or in-cluster"),
        },
    }
}

fn egress(value: Option<String>, name: &str, default: Egress) -> anyhow::Result<Egress> {
    match value.as_deref() {
        None => Ok(default),
        Some("public") => Ok(Egress::Public),
        Some("private") => Ok(Egress::Private),
        Some("any") => Ok(Egress::Any),
        Some(other) => bail!("{name} is {other:?}; it must be public, private or any"),
    }
}

fn first_admin(email: Option<String>, file: Option<String>) -> anyhow::Result<Option<FirstAdmin>> {
    match (email, file) {
        (None, None) => Ok(None),
        (Some(email), Some(file)) => {
            let password = std::fs::read_to_string(&file).with_context(|| format!("SLIPWAY_ADMIN_PASSWORD_FILE {file:?} can't be read"))?;
            Ok(Some(FirstAdmin { email, password: password.trim_end_matches(['\r', '\n']).to_owned().into() }))
        }
        _ => bail!("SLIPWAY_ADMIN_EMAIL and SLIPWAY_ADMIN_PASSWORD_FILE go together; only one of them is set"),
    }
}

fn samples(value: &str) -> anyhow::Result<Vec<Sample>> {
    if value == "none" {
        return Ok(Vec::new());
    }
    value.split(';').map(str::trim).filter(|text| !text.is_empty()).map(sample).collect()
}

/// The last word is the port, the one before it the image, and the rest the name.
fn sample(text: &str) -> anyhow::Result<Sample> {
    let words: Vec<_> = text.split_whitespace().collect();
    let read = match words.as_slice() {
        [name @ .., image, port] if !name.is_empty() => {
            port.parse().ok().filter(|port| *port > 0).map(|port| (name.join(" "), *image, port))
        }
        _ => None,
    };
    let Some((name, image, port)) = read else {
        bail!("SLIPWAY_SAMPLES has {text:?}; each part must be a name, an image and a port, such as Nginx nginx:stable-alpine 80");
    };
    Ok(Sample { name, image: image.to_owned(), port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(samples: &str) -> anyhow::Result<Vec<Sample>> {
        Config::read(&|name| (name == "SLIPWAY_SAMPLES").then(|| samples.to_owned())).map(|config| config.samples)
    }

    #[test]
    fn a_sample_is_a_name_an_image_and_a_port() {
        let sample = |name: &str, image: &str, port| Sample { name: name.into(), image: image.into(), port };
        let both = [sample("Web server", "nginx:1.29", 80), sample("Echo", "ghcr.io/acme/echo", 5678)];
        assert_eq!(read("Web  server nginx:1.29 80;Echo ghcr.io/acme/echo 5678; ").unwrap(), both);
        assert_eq!(read("none").unwrap(), []);
        for wrong in ["nginx 80", "Nginx nginx", "Nginx nginx 0", "Nginx nginx 65536", "Nginx nginx 80; whoami"] {
            assert!(read(wrong).unwrap_err().to_string().starts_with("SLIPWAY_SAMPLES has "), "{wrong}");
        }
    }

    #[test]
    fn without_a_setting_there_are_samples() {
        let names: Vec<_> = read("").unwrap().into_iter().map(|sample| sample.name).collect();
        assert_eq!(names, ["Nginx", "Nginx without root", "HTTP echo", "Whoami"]);
    }
}
