//! The image reference: parsed, with its defaults filled in, and written in its canonical form.
//! The grammar of its pieces is in `host` and `grammar`, what people paste around it in `pasted`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{
    authority,
    docker_hub::{self, DOCKER_HUB},
    grammar::{check_digest, check_repository, check_tag, problem, quoted},
    pasted,
    split::{self, Pieces},
};
use crate::domain::problem::Problem;

/// Longest name (host, slash and repository), in characters. Container runtimes differ in whether the host counts: with
/// it counted, every one of them takes the reference.
const NAME_MAX: usize = 255;

/// The owner of Docker Hub's official images.
const OFFICIAL: &str = "library/";

/// A parsed image reference with its defaults filled in: never without a host, nor without both tag and digest.
///
/// `Display`, serde and the database have the canonical form, `docker.io/library/nginx:1.27@sha256:...`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageReference {
    host: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// As rows keep it: the canonical text.
impl TryFrom<String> for ImageReference {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|problem| problem.message)
    }
}

impl ImageReference {
    /// Parses a reference, strictly by the grammar. The problem's field is empty: the caller knows it.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Self::read(text.trim(), &mut Vec::new())
    }

    /// Parses what a person typed or pasted: page addresses and commands too, in quotation marks or not. The notes say in words which
    /// defaults were filled in and what was corrected.
    pub fn parse_noted(text: &str) -> Result<(Self, Vec<String>), Problem> {
        let mut notes = Vec::new();
        let reference = pasted::reference(text, &mut notes)?;
        let image = Self::read(&reference, &mut notes)?;
        Ok((image, notes))
    }

    fn read(text: &str, notes: &mut Vec<String>) -> Result<Self, Problem> {
        let pieces = split::split(text)?;
        let host = canonical_host(&pieces, notes)?;
        check_repository(pieces.path)?;
        pieces.tag.map(check_tag).transpose()?;
        pieces.digest.map(check_digest).transpose()?;
        let repository = repository(&host, pieces.path, notes);
        if host.len() + 1 + repository.len() > NAME_MAX {
            return Err(problem(
                "image_too_long",
                format!(
                    "The image's name has {} characters with its host: at most {NAME_MAX} are allowed.",
                    host.len() + 1 + repository.len()
                ),
            ));
        }
        let tag = tag(&pieces, notes);
        Ok(Self { host, repository, tag, digest: pieces.digest.map(Into::into) })
    }

    /// Canonical host with port; `docker.io` for every name of Docker Hub.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Path below the host: `library/nginx`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag; `None` only where a digest stands alone.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, `sha256:...`.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Host and path without tag and digest: `docker.io/library/nginx`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.host, self.repository)
    }

    /// Where the registry API of this image is served, `registry-1.docker.io` for Docker Hub.
    pub fn api_host(&self) -> &str {
        docker_hub::api_host(&self.host)
    }

    /// The key under `auths` of a pull secret, with which the kubelet finds the credential for this image.
    pub fn auth_key(&self) -> &str {
        docker_hub::auth_key(&self.host)
    }

    /// Whether both are of one repository, whatever their tags and digests.
    pub fn same_repository(&self, other: &Self) -> bool {
        self.host.eq_ignore_ascii_case(&other.host) && self.repository == other.repository
    }

    /// This repository at another tag. The digest goes: it belonged to the old tag.
    pub fn with_tag(&self, tag: &str) -> Result<Self, Problem> {
        check_tag(tag)?;
        Ok(Self { tag: Some(tag.into()), digest: None, ..self.clone() })
    }

    /// The same tag with the digest it stands for.
    pub fn with_digest(&self, digest: &str) -> Result<Self, Problem> {
        check_digest(digest)?;
        Ok(Self { digest: Some(digest.into()), ..self.clone() })
    }

    /// For a pod: `host/path@digest`, which can't change its meaning; with the tag only where no digest is known.
    pub fn pinned(&self) -> String {
        if self.digest.is_some() { Self { tag: None, ..self.clone() }.to_string() } else { self.to_string() }
    }

    /// The short form that people know, for pages: `nginx:1.27`, `acme/greeter:1.8.2`, `ghcr.io/acme/greeter:2`.
    /// Parses back to the same reference.
    pub fn familiar(&self) -> String {
        let canonical = self.to_string();
        let Some(on_hub) = canonical.strip_prefix("docker.io/") else {
            return canonical;
        };
        let official = on_hub.strip_prefix(OFFICIAL);
        // Some names need what is left out here: `docker.io/foo.bar/baz` without its host would be on the host foo.bar.
        let unambiguous = |short: &&str| Self::parse(short).as_ref() == Ok(self);
        official.into_iter().chain([on_hub]).find(unambiguous).unwrap_or(&canonical).to_owned()
    }
}

/// The host with its default filled in.
fn canonical_host(pieces: &Pieces<'_>, notes: &mut Vec<String>) -> Result<String, Problem> {
    let Some(typed) = pieces.host else {
        notes.push(format!("No registry host was given: Docker Hub ({DOCKER_HUB}) is meant."));
        if !pieces.path.contains('/') && split::is_host(pieces.path) {
            notes.push(format!(
                "{} was read as a repository. If it is a registry host, write a slash and the repository after it.",
                quoted(pieces.path)
            ));
        }
        return Ok(DOCKER_HUB.into());
    };
    let host = authority::canonical(typed).map_err(|invalid| problem("image_host_invalid", invalid.message))?;
    if !host.contains(['.', ':']) && host != "localhost" {
        notes.push(format!(
            "{} was read as a registry host because it has an upper-case letter. Names on Docker Hub are in lower case.",
            quoted(typed)
        ));
    } else if host == DOCKER_HUB && typed != host {
        notes.push(format!("{typed} is a name of Docker Hub, which is written {DOCKER_HUB}."));
    } else if typed != host {
        notes.push(format!("The registry host {typed} is written {host}."));
    }
    Ok(host)
}

/// The path with its default owner filled in.
fn repository(host: &str, path: &str, notes: &mut Vec<String>) -> String {
    if host != DOCKER_HUB || path.contains('/') {
        return path.into();
    }
    notes.push(format!("No owner was given: Docker Hub's official image {OFFICIAL}{path} is meant."));
    format!("{OFFICIAL}{path}")
}

/// The tag, or its default where no digest makes it needless.
fn tag(pieces: &Pieces<'_>, notes: &mut Vec<String>) -> Option<String> {
    match (pieces.tag, pieces.digest) {
        (None, None) => {
            notes.push("No tag was given: latest is meant.".into());
            Some("latest".into())
        }
        (Some(_), Some(_)) => {
            notes.push("A tag and a digest were given: the digest decides which image runs.".into());
            pieces.tag.map(Into::into)
        }
        (tag, _) => tag.map(Into::into),
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.repository)?;
        self.tag.iter().try_for_each(|tag| write!(f, ":{tag}"))?;
        self.digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
    }
}

impl Serialize for ImageReference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ImageReference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|problem| de::Error::custom(problem.message))
    }
}
