//! How the data planes authenticate at a registry (rules: "Registries").

/// The kinds of authentication that a registry is registered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Anyone may pull.
    Public,
    /// User name and password or token.
    Basic,
    /// A login as `docker login` wrote it: JSON with one entry under `auths`.
    DockerConfig,
    /// The cluster's nodes have access already: no pull secret is made, and the console itself can't look.
    VendorSpecific,
}

impl Authentication {
    pub const ALL: [Self; 4] = [Self::Public, Self::Basic, Self::DockerConfig, Self::VendorSpecific];

    /// The word in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Basic => "basic",
            Self::DockerConfig => "docker_config",
            Self::VendorSpecific => "vendor_specific",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::Basic => "Basic",
            Self::DockerConfig => "Docker config",
            Self::VendorSpecific => "Vendor-specific",
        }
    }

    /// Whether there is a credential to keep, to pass on and to change.
    pub fn has_credential(self) -> bool {
        matches!(self, Self::Basic | Self::DockerConfig)
    }

    /// Whether only the nodes can look into the registry.
    pub fn is_by_nodes(self) -> bool {
        self == Self::VendorSpecific
    }
}

impl TryFrom<String> for Authentication {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(text)
    }
}
