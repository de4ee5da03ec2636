//! What went wrong, in the domain's words. Owns the mapping of connection errors and HTTP statuses to
//! `RegistryProblem`. Never quotes a URL's query, a body or an error's own text: they may hold secrets.

mod tls;

use std::error::Error;

use http::{HeaderMap, StatusCode, header};
use jiff::{Zoned, fmt::rfc2822};
use url::Url;

use super::allowance;
use crate::{
    config::Egress,
    domain::registries::client::RegistryProblem,
    outside::egress::{LookupError, Refused},
};

/// Host and, where it is not the scheme's own, port: what a problem names.
pub(super) fn address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

pub(super) fn unexpected(url: &Url, detail: impl Into<String>) -> RegistryProblem {
    RegistryProblem::Unexpected { host: address(url), detail: detail.into() }
}

/// The setting that stands in the way, with the value that would allow the address. For an address that none allows
/// the setting's name alone.
pub(super) fn egress_refused(refused: &Refused) -> RegistryProblem {
    let setting = match refused.needs {
        Some(Egress::Private) => "SLIPWAY_EGRESS=private",
        Some(Egress::Any) => "SLIPWAY_EGRESS=any",
        Some(Egress::Public) | None => "SLIPWAY_EGRESS",
    };
    RegistryProblem::EgressRefused { host: refused.host.clone(), setting }
}

/// Why a request to `url` got no answer, or its answer broke off.
pub(super) fn of_request(error: &reqwest::Error, url: &Url) -> RegistryProblem {
    let host = address(url);
    for link in causes(error) {
        if let Some(lookup) = link.downcast_ref::<LookupError>() {
            return match lookup {
                LookupError::NotFound { host } => RegistryProblem::HostNotFound { host: host.clone() },
                LookupError::Refused(refused) => egress_refused(refused),
            };
        }
        if let Some(tls) = link.downcast_ref::<rustls::Error>() {
            return RegistryProblem::Tls { host, reason: tls::reason(tls) };
        }
    }
    if error.is_timeout() {
        return RegistryProblem::TimedOut { host };
    }
    let kind = causes(error).filter_map(|link| link.downcast_ref::<std::io::Error>()).last().map(std::io::Error::kind);
    of_io(kind, error.is_connect() && url.scheme() == "https", url)
}

fn of_io(kind: Option<std::io::ErrorKind>, in_handshake: bool, url: &Url) -> RegistryProblem {
    use std::io::ErrorKind::{ConnectionRefused, ConnectionReset, HostUnreachable, NetworkUnreachable, UnexpectedEof};
    let host = address(url);
    match kind {
        Some(ConnectionRefused | HostUnreachable | NetworkUnreachable) => RegistryProblem::ConnectionRefused { host },
        Some(UnexpectedEof | ConnectionReset) if in_handshake => {
            RegistryProblem::Tls { host, reason: "the server closed the connection during the handshake".into() }
        }
        _ => RegistryProblem::Unexpected { host, detail: "the connection broke before the whole answer had come".into() },
    }
}

/// An error and all that caused it. An `io::Error` shows its inner error only to those who ask for it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

/// A status that means the same to every request; the caller has dealt with what it knows better.
pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, url: &Url) -> RegistryProblem {
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            RegistryProblem::RateLimited { retry_after: retry_after(headers), pulls: allowance::read(headers) }
        }
        _ => unexpected(url, format!("status {status}")),
    }
}

/// Seconds of `Retry-After` (RFC 9110, 10.2.3). A date is measured against the answer's own `Date`: the registry's two
/// times come from one clock, which need not agree with ours.
fn retry_after(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wanted = text(header::RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse() {
        return Some(seconds);
    }
    let date = |text: &str| rfc2822::parse(text).ok().map(|date: Zoned| date.timestamp().as_second());
    u64::try_from(date(wanted)? - date(text(header::DATE)?)?).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_setting_names_what_would_allow_it() {
        let setting = |needs| match egress_refused(&Refused { host: "h".into(), needs }) {
            RegistryProblem::EgressRefused { setting, .. } => setting,
            other => panic!("{other:?}"),
        };
        assert_eq!(setting(Some(Egress::Private)), "SLIPWAY_EGRESS=private");
        assert_eq!(setting(Some(Egress::Any)), "SLIPWAY_EGRESS=any");
        assert_eq!(setting(None), "SLIPWAY_EGRESS");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let read = |wanted: &'static str, date: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(wanted));
            headers.extend(date.map(|date| (header::DATE, HeaderValue::from_static(date))));
            retry_after(&headers)
        };
        let now = Some("Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(read("120", None), Some(120));
        assert_eq!(read("Wed, 21 Oct 2015 07:29:30 GMT", now), Some(90));
        assert_eq!(read("Wed, 21 Oct 2015 07:27:00 GMT", now), None);
        assert_eq!(read("Wed, 21 Oct 2015 07:29:30 GMT", None), None);
        assert_eq!(read("soon", now), None);
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }

    #[test]
    fn broken_connections_are_told_apart() {
        use std::io::ErrorKind;
        let https = Url::parse("https://h.example/v2/").unwrap();
        let code = |kind, in_handshake| of_io(kind, in_handshake, &https).code();
        assert_eq!(code(Some(ErrorKind::ConnectionRefused), true), "connection_refused");
        assert_eq!(code(Some(ErrorKind::NetworkUnreachable), true), "connection_refused");
        assert_eq!(code(Some(ErrorKind::UnexpectedEof), true), "tls");
        assert_eq!(code(Some(ErrorKind::UnexpectedEof), false), "unexpected");
        assert_eq!(code(None, false), "unexpected");
    }
}
