//! How requests come into the data plane: the domain of Public endpoints, and what serves it.

use anyhow::bail;

/// The typed settings; each may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entrance {
    pub domain: Option<PublicDomain>,
    /// Namespace and name.
    pub gateway: Option<(String, String)>,
    pub ingress_class: Option<String>,
}

/// Public endpoints answer below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDomain {
    /// Callers come by https.
    pub is_tls: bool,
    /// In lower case.
    pub host: String,
    pub port: Option<u16>,
}

/// A host name has at most 253 characters, and two labels of 63 come before the domain.
const DOMAIN_MAX: usize = 253 - 2 * 64;

impl Entrance {
    /// Reads the three settings as they were given.
    pub(super) fn read(domain: Option<String>, gateway: Option<String>, ingress_class: Option<String>) -> anyhow::Result<Self> {
        Ok(Self {
            domain: domain.as_deref().map(public_domain).transpose()?,
            gateway: gateway.as_deref().map(gateway_name).transpose()?,
            ingress_class: ingress_class.map(checked_class).transpose()?,
        })
    }
}

fn public_domain(value: &str) -> anyhow::Result<PublicDomain> {
    let (is_tls, rest) = match value.split_once("://") {
        None => (true, value),
        Some(("https", rest)) => (true, rest),
        Some(("http", rest)) => (false, rest),
        Some(_) => return Err(wrong_domain(value)),
    };
    let (host, port) = match rest.split_once(':') {
        None => (rest, None),
        Some((host, port)) => (host, Some(port.parse().ok().filter(|port| *port > 0).ok_or_else(|| wrong_domain(value))?)),
    };
    let host = host.to_ascii_lowercase();
    let is_address = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    if !is_name(&host) || host.len() > DOMAIN_MAX || is_address {
        return Err(wrong_domain(value));
    }
    let of_the_scheme = if is_tls { 443 } else { 80 };
    Ok(PublicDomain { is_tls, host, port: port.filter(|port| *port != of_the_scheme) })
}

fn wrong_domain(value: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "SLIPWAY_PUBLIC_DOMAIN is {value:?}; it must be a domain of at most {DOMAIN_MAX} characters, such as apps.example.com, with \
        http:// before it where callers come without TLS, and a port where it is not the usual one"
    )
}

fn gateway_name(value: &str) -> anyhow::Result<(String, String)> {
    match value.split_once('/') {
        Some((namespace, name)) if is_label(namespace) && is_name(name) => Ok((namespace.to_owned(), name.to_owned())),
        _ => bail!("SLIPWAY_GATEWAY is {value:?}; it must be the namespace and the name of a Gateway, such as edge/public"),
    }
}

fn checked_class(value: String) -> anyhow::Result<String> {
    if !is_name(&value) {
        bail!("SLIPWAY_INGRESS_CLASS is {value:?}; it must be the name of an IngressClass, such as nginx");
    }
    Ok(value)
}

/// Labels with dots between, as DNS and Kubernetes have names.
fn is_name(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&label.len()) && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(value: &str) -> anyhow::Result<PublicDomain> {
        Entrance::read(Some(value.to_owned()), None, None).map(|entrance| entrance.domain.unwrap())
    }

    #[test]
    fn a_domain_has_a_scheme_and_a_port_where_they_are_not_the_usual_ones() {
        let of = |is_tls, host: &str, port| PublicDomain { is_tls, host: host.into(), port };
        for (value, expected) in [
            ("apps.example.com", of(true, "apps.example.com", None)),
            ("https://Apps.Example.com:443", of(true, "apps.example.com", None)),
            ("http://apps.example.com", of(false, "apps.example.com", None)),
            ("http://localhost:8000", of(false, "localhost", Some(8000))),
            ("apps.example.com:8443", of(true, "apps.example.com", Some(8443))),
            ("http://apps.example.com:443", of(false, "apps.example.com", Some(443))),
        ] {
            assert_eq!(domain(value).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn what_is_no_domain_is_told_in_one_sentence() {
        for value in [
            "*.example.com",
            "apps.example.com/",
            "ftp://apps.example.com",
            "apps..com",
            "-a.com",
            "a_b.com",
            "10.0.0.1",
            "[::1]",
            "a.com:0",
            "a.com:x",
            "a.com:1:2",
            "https://",
            &format!("{}com", "a.".repeat(62)),
        ] {
            let sentence = domain(value).unwrap_err().to_string();
            assert!(sentence.starts_with("SLIPWAY_PUBLIC_DOMAIN is ") && !sentence.contains('\n'), "{value}: {sentence}");
        }
    }

    #[test]
    fn a_gateway_has_a_namespace() {
        let read = |gateway: &str| Entrance::read(None, Some(gateway.to_owned()), None).map(|entrance| entrance.gateway);
        assert_eq!(read("edge/public.main").unwrap(), Some(("edge".into(), "public.main".into())));
        for wrong in ["public", "/public", "edge/", "edge/public/x", "Edge/public", "a.b/public"] {
            assert!(read(wrong).unwrap_err().to_string().starts_with("SLIPWAY_GATEWAY is "), "{wrong}");
        }
    }

    #[test]
    fn an_ingress_class_is_a_name() {
        let read = |class: &str| Entrance::read(None, None, Some(class.to_owned())).map(|entrance| entrance.ingress_class);
        assert_eq!(read("nginx").unwrap().as_deref(), Some("nginx"));
        assert!(read("Nginx one").unwrap_err().to_string().starts_with("SLIPWAY_INGRESS_CLASS is "));
    }
}
