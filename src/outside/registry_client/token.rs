//! Bearer tokens: asking a registry's token service for one, and keeping it while it is valid. A token is found again
//! only by the registry entry, the login and the scope it was given for. Knows nothing of images.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderValue, Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use url::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{
    challenge::Bearer,
    failure::{of_status, unexpected},
    transport::{Ask, Transport, read_json},
};
use crate::domain::registries::client::{Access, Login, RegistryProblem};

const MAX_ANSWER: usize = 256 * 1024;
/// What a token without `expires_in` lives, by the distribution project's token specification.
const DEFAULT_LIFE: Duration = Duration::from_secs(60);
/// No token is kept longer, so that a permission taken away is noticed.
const LONGEST_LIFE: Duration = Duration::from_secs(900);
/// A token this near to its end is not used any more.
const MARGIN: Duration = Duration::from_secs(10);
/// Past this many tokens the cache starts afresh.
const MAX_TOKENS: usize = 4096;

/// A granted token.
#[derive(Clone)]
pub(super) struct Token {
    /// `Bearer ...`, marked as sensitive: its Debug shows nothing.
    pub header: HeaderValue,
    pub life: Duration,
}

#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
    expires_in: Option<u64>,
}

/// Asks the token service at `realm` for a token, with the login if the access has one. `None` = the service refused.
pub(super) async fn fetch(
    transport: &Transport,
    realm: &Url,
    service: Option<&str>,
    scope: Option<&str>,
    access: &Access,
) -> Result<Option<Token>, RegistryProblem> {
    let mut url = realm.clone();
    let scopes = scope.into_iter().flat_map(str::split_whitespace).map(|scope| ("scope", scope));
    url.query_pairs_mut().extend_pairs(service.map(|service| ("service", service)).into_iter().chain(scopes));
    let authorization = access.login.as_ref().and_then(basic);
    let (authorization, ca_certificates) = (authorization.as_ref(), access.ca_certificates.as_deref());
    let response = transport.send(Ask { method: Method::GET, url, accept: None, authorization, ca_certificates }).await?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Ok(None),
        status => return Err(of_status(status, response.headers(), realm)),
    }
    let answer: Answer = read_json(response, MAX_ANSWER, "token").await?;
    let token = answer.token.or(answer.access_token).filter(|token| !token.is_empty());
    let header = token.and_then(|token| sensitive(&format!("Bearer {token}")));
    let header = header.ok_or_else(|| unexpected(realm, "its token service gave no token"))?;
    Ok(Some(Token { header, life: answer.expires_in.map_or(DEFAULT_LIFE, Duration::from_secs) }))
}

/// `Authorization: Basic` of a login (RFC 7617). Base64 is always a valid header, so `None` does not come about.
pub(super) fn basic(login: &Login) -> Option<HeaderValue> {
    let pair = Zeroizing::new(format!("{}:{}", login.username, login.password.expose_secret()));
    sensitive(&format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// What a token was given for. Two entries of the console have two keys, even for the same host and login.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    registry_id: Uuid,
    origin: String,
    /// Hash of the login, so that a changed password does not live on in an old token.
    login: Option<[u8; 32]>,
    challenge: Bearer,
}

impl Key {
    /// `None` for an entry that is not saved yet: its tokens are not kept.
    pub(super) fn new(access: &Access, origin: &Url, challenge: &Bearer) -> Option<Self> {
        Some(Self {
            registry_id: access.registry_id?,
            origin: origin.as_str().to_owned(),
            login: access.login.as_ref().map(fingerprint),
            challenge: challenge.clone(),
        })
    }
}

fn fingerprint(login: &Login) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update((login.username.len() as u64).to_be_bytes());
    hash.update(&login.username);
    hash.update(login.password.expose_secret());
    hash.finalize().into()
}

/// The tokens that are still valid. In memory only.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<HashMap<Key, Kept>>);

struct Kept {
    header: HeaderValue,
    until: Instant,
}

impl TokenCache {
    pub(super) fn get(&self, key: &Key, now: Instant) -> Option<HeaderValue> {
        self.lock().get(key).filter(|kept| now < kept.until).map(|kept| kept.header.clone())
    }

    pub(super) fn put(&self, key: Key, token: &Token, now: Instant) {
        let mut tokens = self.lock();
        tokens.retain(|_, kept| now < kept.until);
        if tokens.len() >= MAX_TOKENS {
            tokens.clear();
        }
        let until = now + token.life.min(LONGEST_LIFE).saturating_sub(MARGIN);
        tokens.insert(key, Kept { header: token.header.clone(), until });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(id: u128, login: Option<(&str, &str)>) -> Access {
        let login = login.map(|(username, password)| Login { username: username.into(), password: password.into() });
        Access { registry_id: (id != 0).then(|| Uuid::from_u128(id)), host: "r.example".into(), login, ca_certificates: None }
    }

    fn key(access: &Access, scope: &str) -> Option<Key> {
        let challenge = Bearer { realm: "https://a/t".into(), service: None, scope: Some(scope.into()) };
        Key::new(access, &Url::parse("https://r.example").unwrap(), &challenge)
    }

    fn token(seconds: u64) -> Token {
        Token { header: sensitive("Bearer t").unwrap(), life: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_token_is_found_by_exactly_what_it_was_given_for() {
        let (cache, now) = (TokenCache::default(), Instant::now());
        let mine = access(1, Some(("u", "p")));
        cache.put(key(&mine, "a").unwrap(), &token(300), now);
        assert!(cache.get(&key(&mine, "a").unwrap(), now).is_some());
        assert!(cache.get(&key(&mine, "b").unwrap(), now).is_none());
        for other in [access(2, Some(("u", "p"))), access(1, Some(("u", "q"))), access(1, Some(("up", ""))), access(1, None)] {
            assert!(cache.get(&key(&other, "a").unwrap(), now).is_none());
        }
        assert!(key(&access(0, None), "a").is_none());
    }

    #[test]
    fn a_token_ends_before_its_time_and_never_lives_long() {
        let (cache, now) = (TokenCache::default(), Instant::now());
        let key = key(&access(1, None), "a").unwrap();
        let seconds = |seconds| now + Duration::from_secs(seconds);
        cache.put(key.clone(), &token(60), now);
        assert!(cache.get(&key, seconds(49)).is_some());
        assert!(cache.get(&key, seconds(50)).is_none());
        cache.put(key.clone(), &token(u64::MAX), now);
        assert!(cache.get(&key, seconds(889)).is_some());
        assert!(cache.get(&key, seconds(890)).is_none());
        cache.put(key.clone(), &token(5), now);
        assert!(cache.get(&key, now).is_none());
    }

    #[test]
    fn the_cache_is_bounded() {
        let (cache, now) = (TokenCache::default(), Instant::now());
        let access = access(1, None);
        for scope in 0..=MAX_TOKENS {
            cache.put(key(&access, &scope.to_string()).unwrap(), &token(300), now);
        }
        assert_eq!(cache.lock().len(), 1);
    }

    #[test]
    fn headers_are_right_and_do_not_tell() {
        let login = Login { username: "Aladdin".into(), password: "open sesame".into() };
        let header = basic(&login).unwrap();
        assert_eq!(header.to_str().unwrap(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert!(sensitive("Bearer a\nb").is_none());
    }
}
