//! Whose registry it is: what each vendor's registries are called and which authentication suits them.

pub use super::vendor_host::check_host;

use super::Authentication;

/// Who makes or runs a registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    DockerHub,
    Ghcr,
    Azure,
    Google,
    Ecr,
    Quay,
    Harbor,
    GitLab,
    Other,
}

impl Vendor {
    pub const ALL: [Self; 9] =
        [Self::DockerHub, Self::Ghcr, Self::Azure, Self::Google, Self::Ecr, Self::Quay, Self::Harbor, Self::GitLab, Self::Other];

    /// The word in rows, forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DockerHub => "docker_hub",
            Self::Ghcr => "ghcr",
            Self::Azure => "azure",
            Self::Google => "google",
            Self::Ecr => "ecr",
            Self::Quay => "quay",
            Self::Harbor => "harbor",
            Self::GitLab => "gitlab",
            Self::Other => "other",
        }
    }

    /// The name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::DockerHub => "Docker Hub",
            Self::Ghcr => "GitHub Container Registry",
            Self::Azure => "Azure Container Registry",
            Self::Google => "Google Artifact Registry",
            Self::Ecr => "Amazon Elastic Container Registry",
            Self::Quay => "Quay",
            Self::Harbor => "Harbor",
            Self::GitLab => "GitLab Container Registry",
            Self::Other => "Other registry",
        }
    }

    /// The one host of a vendor that has only one.
    pub fn fixed_host(self) -> Option<&'static str> {
        match self {
            Self::DockerHub => Some("docker.io"),
            Self::Ghcr => Some("ghcr.io"),
            _ => None,
        }
    }

    /// How a host of the vendor looks; `<...>` stands for what the person fills in.
    pub fn host_form(self) -> &'static str {
        match self {
            Self::DockerHub => "docker.io",
            Self::Ghcr => "ghcr.io",
            Self::Azure => "<name>.azurecr.io",
            Self::Google => "<region>-docker.pkg.dev",
            Self::Ecr => "<account>.dkr.ecr.<region>.amazonaws.com",
            Self::Quay => "quay.io",
            Self::Harbor => "harbor.example.com",
            Self::GitLab => "registry.gitlab.com",
            Self::Other => "registry.example.com:5000",
        }
    }

    /// Which kinds of authentication make sense, the recommended one first.
    pub fn authentications(self) -> &'static [Authentication] {
        use Authentication::{Basic, DockerConfig, Public, VendorSpecific};
        match self {
            Self::DockerHub | Self::Ghcr | Self::Quay | Self::Harbor | Self::GitLab => &[Basic, DockerConfig, Public],
            Self::Azure | Self::Google => &[VendorSpecific, Basic, DockerConfig],
            Self::Ecr => &[VendorSpecific, Basic, DockerConfig],
            Self::Other => &[Basic, DockerConfig, Public, VendorSpecific],
        }
    }
}

impl TryFrom<String> for Vendor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|vendor| vendor.as_str() == text).ok_or(text)
    }
}
