//! What a form says about getting a credential.

use super::{Authentication, Vendor};

/// Stands beside the fields of a form.
#[derive(Clone, Copy, Debug)]
pub struct Guidance {
    /// Why this kind of authentication suits the vendor, or what to take instead.
    pub recommended: &'static str,
    pub steps: &'static [&'static str],
    pub username_help: &'static str,
    pub password_help: &'static str,
    /// Label and address of the vendor's own page.
    pub link: Option<(&'static str, &'static str)>,
    /// A page of our guide.
    pub guide: Option<&'static str>,
}

/// How to get the credential of a vendor.
pub fn guidance(_: Vendor, authentication: Authentication) -> Guidance {
    let (recommended, steps): (_, &[_]) = match authentication {
        Authentication::Public => ("For images that anyone may pull.", &["Nothing is needed but the host."]),
        Authentication::Basic => (
            "A token that may only read is better than a password.",
            &["Make an access token that may only read images.", "Enter the user name it belongs to, and the token as password."],
        ),
        Authentication::DockerConfig => (
            "For a login that docker login wrote.",
            &["Sign in with docker login to this registry alone.", "Upload or paste ~/.docker/config.json."],
        ),
        Authentication::VendorSpecific => (
            "The cluster's nodes sign in by themselves: there is no secret to keep or to renew.",
            &["Give the nodes of each cluster the right to pull.", "Slipway makes no pull secret and can't look into the registry itself."],
        ),
    };
    Guidance {
        recommended,
        steps,
        username_help: "",
        password_help: "Sealed at rest and never shown again.",
        link: None,
        guide: Some("register-a-registry"),
    }
}
