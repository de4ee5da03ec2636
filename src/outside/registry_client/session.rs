//! A session: the requests of one call to one registry, signed in as it asks. The login goes only to the registry itself
//! and to the token service that the registry names. What a refusal means is [`refusal`]'s.

mod refusal;

use http::{HeaderValue, Method, StatusCode, header};
use reqwest::Response;
use tokio::time::Instant;
use url::Url;

use super::{
    challenge::{self, Bearer, Challenge},
    failure::unexpected,
    token::{self, Key, TokenCache},
    transport::{Ask, Transport, is_docker_hub},
};
use crate::domain::registries::client::{Access, RegistryProblem, SignIn};

pub(super) struct Session<'a> {
    transport: &'a Transport,
    tokens: &'a TokenCache,
    access: &'a Access,
    origin: Url,
    repository: Option<String>,
    /// What "not found" names.
    image: String,
    uses_cache: bool,
    authorization: Option<HeaderValue>,
    /// The last sign-in was by user name and password on the request itself.
    by_password: bool,
}

impl<'a> Session<'a> {
    pub(super) fn open(
        transport: &'a Transport,
        tokens: &'a TokenCache,
        access: &'a Access,
        repository: Option<&str>,
        image: String,
    ) -> Result<Self, RegistryProblem> {
        let origin = transport.origin(&access.host)?;
        let repository = match repository {
            Some(repository) if !is_repository(repository) => return Err(RegistryProblem::ImageNotFound { image }),
            // On Docker Hub an image of one part lies under `library`.
            Some(repository) if is_docker_hub(&origin) && !repository.contains('/') => Some(format!("library/{repository}")),
            other => other.map(str::to_owned),
        };
        let (uses_cache, authorization, by_password) = (true, None, false);
        Ok(Self { transport, tokens, access, origin, repository, image, uses_cache, authorization, by_password })
    }

    /// Signs in anew whatever tokens are known.
    pub(super) fn without_cache(mut self) -> Self {
        self.uses_cache = false;
        self
    }

    /// A URL of the session's repository: `/v2/<repository>/<path>`.
    pub(super) fn url(&self, path: &str) -> Url {
        let mut url = self.origin.clone();
        url.set_path(&format!("/v2/{}/{path}", self.repository.as_deref().unwrap_or_default()));
        url
    }

    /// How the registry took the caller so far.
    pub(super) fn sign_in(&self) -> SignIn {
        match (&self.access.login, &self.authorization) {
            (Some(_), Some(_)) if self.by_password => SignIn::Password,
            (Some(_), Some(_)) => SignIn::Token,
            _ => SignIn::Anonymous,
        }
    }

    pub(super) fn is_docker_hub(&self) -> bool {
        is_docker_hub(&self.origin)
    }

    /// Whether a URL that the registry named is its own.
    pub(super) fn owns(&self, url: &Url) -> bool {
        url.origin() == self.origin.origin()
    }

    /// Checks that there is a registry which takes the credential.
    pub(super) async fn ping(&mut self) -> Result<(), RegistryProblem> {
        let mut url = self.origin.clone();
        url.set_path("/v2/");
        let response = if self.access.login.is_some() {
            self.send(Method::GET, url, None).await?
        } else {
            let response = self.ask(&Method::GET, &url, None).await?;
            if response.status() == StatusCode::UNAUTHORIZED
                && let Challenge::Bearer(bearer) = self.challenge(&response)?
            {
                return self.meet_token_service(bearer, response.url()).await;
            }
            response
        };
        let response = self.accept(response).await?;
        if refusal::is_html(&response) { Err(self.not_a_registry()) } else { Ok(()) }
    }

    /// Offering tokens, it is a registry; whether it gives one to everybody depends on the repository. But for Docker Hub,
    /// whose token service gives everybody one for no repository too.
    async fn meet_token_service(&self, bearer: Bearer, from: &Url) -> Result<(), RegistryProblem> {
        if self.is_docker_hub() { self.new_token(bearer, from).await.map(drop) } else { Ok(()) }
    }

    /// Sends a request and wants success: any other status becomes the problem it means.
    pub(super) async fn get(&mut self, method: Method, url: Url, accept: Option<&'static str>) -> Result<Response, RegistryProblem> {
        let response = self.send(method, url, accept).await?;
        self.accept(response).await
    }

    /// Sends a request, signing in if the registry asks for it: first with a known token, then with a new one. The answer
    /// may have any status.
    pub(super) async fn send(&mut self, method: Method, url: Url, accept: Option<&'static str>) -> Result<Response, RegistryProblem> {
        let response = self.ask(&method, &url, accept).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        let challenge = self.challenge(&response)?;
        if let Some(known) = self.known_token(&challenge) {
            self.authorization = Some(known);
            let response = self.ask(&method, &url, accept).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(response);
            }
        }
        let Some(authorization) = self.answer(challenge, response.url()).await? else { return Ok(response) };
        self.authorization = Some(authorization);
        self.ask(&method, &url, accept).await
    }

    async fn ask(&self, method: &Method, url: &Url, accept: Option<&'static str>) -> Result<Response, RegistryProblem> {
        let (authorization, ca_certificates) = (self.authorization.as_ref(), self.access.ca_certificates.as_deref());
        self.transport.send(Ask { method: method.clone(), url: url.clone(), accept, authorization, ca_certificates }).await
    }

    /// What the registry wants before it answers. Only the registry itself may ask: the login of one host is not for
    /// the one it redirects to.
    fn challenge(&self, response: &Response) -> Result<Challenge, RegistryProblem> {
        if !self.owns(response.url()) {
            return Err(unexpected(response.url(), "it asks for a credential, but the registry only redirected there"));
        }
        let mut challenge = match challenge::read(response.headers()) {
            Some(challenge) => challenge,
            None if response.headers().contains_key(header::WWW_AUTHENTICATE) => {
                return Err(unexpected(&self.origin, "it asks for a kind of sign-in other than Basic and Bearer"));
            }
            None => return Err(self.not_a_registry()),
        };
        if let Challenge::Bearer(bearer) = &mut challenge {
            // Without a repository no scope is wanted; some registries name a made-up one here.
            let own_scope = self.repository.as_ref().map(|repository| format!("repository:{repository}:pull"));
            bearer.scope = own_scope.map(|own| bearer.scope.take().unwrap_or(own));
        }
        Ok(challenge)
    }

    fn known_token(&self, challenge: &Challenge) -> Option<HeaderValue> {
        match challenge {
            Challenge::Bearer(bearer) if self.uses_cache => self.tokens.get(&Key::new(self.access, &self.origin, bearer)?, Instant::now()),
            _ => None,
        }
    }

    /// Answers a challenge that came from `from`. `None` = there is no login to answer it with.
    async fn answer(&mut self, challenge: Challenge, from: &Url) -> Result<Option<HeaderValue>, RegistryProblem> {
        match challenge {
            Challenge::Basic => {
                self.by_password = true;
                Ok(self.access.login.as_ref().and_then(token::basic))
            }
            Challenge::Bearer(bearer) => {
                self.by_password = false;
                self.new_token(bearer, from).await.map(Some)
            }
        }
    }

    async fn new_token(&self, bearer: Bearer, from: &Url) -> Result<HeaderValue, RegistryProblem> {
        let no_url = |_| unexpected(&self.origin, "it names a token service (realm) that is not a URL");
        let realm = Url::parse(&bearer.realm).map_err(no_url)?;
        self.transport.permit_from(from, &realm)?;
        let fetch = |scope| token::fetch(self.transport, &realm, bearer.service.as_deref(), scope, self.access);
        let Some(token) = fetch(bearer.scope.as_deref()).await? else {
            // Some services refuse the scope, some the login; without a scope only the login is left to refuse.
            let login_is_right = self.access.login.is_some() && bearer.scope.is_some() && fetch(None).await?.is_some();
            return Err(if login_is_right { self.pull_denied() } else { self.unauthorized(true) });
        };
        let header = token.header.clone();
        if let Some(key) = Key::new(self.access, &self.origin, &bearer) {
            self.tokens.put(key, &token, Instant::now());
        }
        Ok(header)
    }
}

/// Whether a text can stand in a path as a repository: parts of lower-case letters, digits and `._-`, none of them
/// only dots. The full grammar is the domain's; this keeps a path from leading elsewhere.
fn is_repository(text: &str) -> bool {
    let is_part = |part: &str| {
        part.bytes().any(|byte| byte.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
    };
    text.len() <= 255 && text.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_can_not_leave_its_path() {
        for good in ["nginx", "library/nginx", "a/b/c", "a.b_c--d/e__f", "0"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in ["", "/", "a/", "/a", "a//b", "..", "a/../b", ".", "a/.", "A", "a b", "a?b", "a%2fb", "a:b", "a#b", "ä"] {
            assert!(!is_repository(bad), "{bad}");
        }
        assert!(!is_repository(&"a".repeat(256)));
    }
}
