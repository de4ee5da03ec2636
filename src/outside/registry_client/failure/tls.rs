//! Why TLS failed, in plain words: each the end of a sentence, or that and a second one without its full stop. Quotes of a
//! certificate only its names and dates.

use jiff::Timestamp;
use rustls::{CertificateError, pki_types::UnixTime};

/// How many of a certificate's names are told, and how long each may be.
const MAX_NAMES: usize = 5;
const MAX_NAME: usize = 100;

pub(super) fn reason(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(problem) => of_certificate(problem),
        rustls::Error::InvalidMessage(_) => {
            "the port does not speak TLS; an operator can allow plain HTTP there with SLIPWAY_PLAIN_HTTP_REGISTRIES".into()
        }
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion) => {
            "the server offers no TLS version or cipher that this console accepts (TLS 1.2 and 1.3)".into()
        }
        rustls::Error::AlertReceived(alert) => format!("the server ended the handshake with the alert {alert:?}"),
        _ => "the handshake failed".into(),
    }
}

fn of_certificate(problem: &CertificateError) -> String {
    match problem {
        CertificateError::Expired => "the server's certificate has expired; it must be renewed there".into(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the server's certificate expired{}; it must be renewed there", on(*not_after))
        }
        CertificateError::NotValidYet => "the server's certificate is not valid yet; check both clocks".into(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the server's certificate is not valid yet, its time begins{}; check both clocks", on(*not_before))
        }
        CertificateError::NotValidForName => "the server's certificate is for another name".into(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!("the server's certificate is for another name{}; use a host that it names", names(presented))
        }
        CertificateError::UnknownIssuer => "the server's certificate comes from an issuer that this console does not trust. Paste the \
             issuer's certificate into this registry's field \"CA certificates\"; the cluster's nodes, which pull by themselves, \
             need it too"
            .into(),
        // rustls has no variant of its own for what `openssl req -x509` makes.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the server's certificate is self-signed and marked as an issuer's own (CA:TRUE), which no server's may be. Have the \
             server use one that is not, and paste its issuer's certificate into this registry's field \"CA certificates\""
                .into()
        }
        CertificateError::Revoked => "the server's certificate has been revoked; it must be replaced there".into(),
        _ => "the server's certificate is not valid".into(),
    }
}

/// ` on 2026-01-31`; nothing for a time past all calendars.
fn on(time: UnixTime) -> String {
    let date = i64::try_from(time.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    date.map(|date| format!(" on {}", date.strftime("%Y-%m-%d"))).unwrap_or_default()
}

/// ` (registry.example.com, 10.0.0.1)`. rustls gives names as it would debug them: `DnsName("registry.example.com")`.
fn names(presented: &[String]) -> String {
    let is_plain =
        |name: &&str| name.len() <= MAX_NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_*:".contains(&byte));
    let inner = |name: &str| -> Option<String> {
        let inner = name.strip_prefix("DnsName(").or(name.strip_prefix("IpAddress("))?.strip_suffix(')')?;
        Some(inner.trim_matches('"')).filter(is_plain).map(str::to_owned)
    };
    let found: Vec<String> = presented.iter().filter_map(|name| inner(name)).take(MAX_NAMES).collect();
    if found.is_empty() { String::new() } else { format!(" ({})", found.join(", ")) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn invalid(problem: CertificateError) -> String {
        reason(&rustls::Error::InvalidCertificate(problem))
    }

    #[test]
    fn reasons_are_plain() {
        assert!(invalid(CertificateError::Expired).contains("has expired"));
        assert!(invalid(CertificateError::NotValidForName).contains("for another name"));
        assert!(invalid(CertificateError::NotValidYet).contains("not valid yet"));
        assert!(invalid(CertificateError::UnknownIssuer).contains("issuer"));
        assert!(invalid(CertificateError::Revoked).contains("revoked"));
        assert!(invalid(CertificateError::BadSignature).contains("not valid"));
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
        assert!(reason(&alert).contains("HandshakeFailure"));
    }

    #[test]
    fn dates_are_days() {
        let day = |seconds| on(UnixTime::since_unix_epoch(Duration::from_secs(seconds)));
        assert_eq!(day(0), " on 1970-01-01");
        assert_eq!(day(1_612_321_506), " on 2021-02-03");
        assert_eq!(day(u64::MAX), "");
    }

    #[test]
    fn names_are_told_as_people_write_them_and_never_without_end() {
        let told = |presented: &[&str]| names(&presented.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(told(&[r#"DnsName("*.example.org")"#, "IpAddress(10.0.0.1)", "IpAddress(::1)"]), " (*.example.org, 10.0.0.1, ::1)");
        assert_eq!(told(&[r#"DnsName("<b>x</b>")"#, "DirectoryName", "Unsupported(0x01)"]), "");
        assert_eq!(told(&[format!("DnsName(\"{}\")", "a".repeat(101)).as_str()]), "");
        assert_eq!(told(&[r#"DnsName("a")"#; 9]), " (a, a, a, a, a)");
    }
}
