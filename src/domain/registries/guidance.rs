//! What the form says beside its fields: which authentication a vendor recommends, and how to get the credential there.
//! Texts only; plain sentences and commands, without markup.

mod basic;
mod nodes;

use super::{Authentication, Vendor};

/// What a person should know before filling in the fields of one authentication at one vendor.
#[derive(Clone, Copy, Debug)]
pub struct Guidance {
    /// What the vendor recommends, and what this choice means; one to three sentences.
    pub recommended: &'static str,
    /// What to do there, in order; a step may end with a command after a colon.
    pub steps: &'static [&'static str],
    /// What belongs in "Username"; empty where there is no such field.
    pub username_help: &'static str,
    /// What belongs in "Password or token", or in "Docker config (JSON)"; empty where there is neither.
    pub password_help: &'static str,
    /// Label and address of the vendor's own documentation.
    pub link: Option<(&'static str, &'static str)>,
    /// Our own guide page, by its name in the address.
    pub guide: Option<&'static str>,
}

/// The guidance for a vendor and one of its authentications.
pub fn guidance(vendor: Vendor, authentication: Authentication) -> Guidance {
    match authentication {
        Authentication::Public => public(vendor),
        Authentication::Basic => basic::guidance(vendor),
        Authentication::DockerConfig => docker_config(vendor),
        Authentication::VendorSpecific => nodes::guidance(vendor),
    }
}

fn public(vendor: Vendor) -> Guidance {
    let (recommended, link) = match vendor {
        Vendor::DockerHub => (
            "Enough for public images. Docker Hub counts pulls without a login by address: 100 in 6 hours for each IPv4 address or IPv6 \
             /64 network, and the nodes of a cluster often share one. A login with a free account has 200; use Basic if pulls fail.",
            Some(("Docker: pull usage and limits", "https://docs.docker.com/docker-hub/usage/pulls/")),
        ),
        Vendor::Ghcr => (
            "Enough for packages whose visibility is Public. A package is private until its settings say otherwise, also in a public \
             repository.",
            Some((
                "GitHub: visibility of packages",
                "https://docs.github.com/en/packages/learn-github-packages/configuring-a-packages-access-control-and-visibility",
            )),
        ),
        Vendor::GitLab => (
            "Enough for the registries of public projects.",
            Some(("GitLab: visibility of a container registry", "https://docs.gitlab.com/user/packages/container_registry/")),
        ),
        Vendor::Harbor => (
            "Enough for projects whose access level is Public.",
            Some(("Harbor: projects", "https://goharbor.io/docs/2.13.0/working-with-projects/")),
        ),
        Vendor::Quay => ("Enough for public repositories.", Some(("Quay documentation", "https://docs.quay.io/"))),
        Vendor::Azure | Vendor::Google | Vendor::Ecr | Vendor::Other => ("Enough where anyone may pull without a login.", None),
    };
    Guidance { recommended, steps: &[], username_help: "", password_help: "", link, guide: Some("register-a-registry") }
}

fn docker_config(vendor: Vendor) -> Guidance {
    let recommended = match vendor {
        Vendor::Ecr => {
            "For a login that already stands in a file. An ECR login lives 12 hours and can't be made to live longer: after that, pulls \
             fail until the secret is replaced. Vendor-specific needs no login."
        }
        Vendor::Azure | Vendor::Google => {
            "For a login that already stands in a file. On the vendor's own clusters, Vendor-specific needs no login."
        }
        _ => "For a login that already stands in a file. Basic takes the same user name and token, typed.",
    };
    Guidance {
        recommended,
        steps: &[
            "Get a user name and a token that may pull, as Basic says.",
            "Run docker login for this registry and take ~/.docker/config.json. If the file names a credsStore, the login is not in it.",
            "Or write it without Docker: kubectl create secret docker-registry pull --docker-server=HOST --docker-username=USER \
             --docker-password=TOKEN --dry-run=client -o jsonpath='{.data.\\.dockerconfigjson}'",
            "Delete the entries of other registries.",
        ],
        username_help: "",
        password_help: "JSON with one entry under \"auths\", or base64 of it: {\"auths\": {\"ghcr.io\": {\"auth\": \"...\"}}}",
        link: Some(("Docker: docker login", "https://docs.docker.com/reference/cli/docker/login/")),
        guide: Some("register-a-registry"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::registries::Vendor;

    /// Every choice that the form offers.
    fn choices() -> impl Iterator<Item = (Vendor, Authentication)> {
        Vendor::ALL.into_iter().flat_map(|vendor| vendor.authentications().iter().map(move |kind| (vendor, *kind)))
    }

    #[test]
    fn every_choice_has_words_for_its_fields() {
        for (vendor, kind) in choices() {
            let guidance = guidance(vendor, kind);
            let place = format!("{vendor:?} {kind:?}");
            assert!(guidance.recommended.ends_with('.'), "{place}");
            assert_eq!(!guidance.username_help.is_empty(), kind == Authentication::Basic, "{place}");
            assert_eq!(!guidance.password_help.is_empty(), kind.has_credential(), "{place}");
            assert_eq!(guidance.steps.is_empty(), kind == Authentication::Public, "{place}");
            assert!(guidance.link.is_none_or(|(label, url)| !label.is_empty() && url.starts_with("https://")), "{place}");
            assert!(guidance.link.is_some() || vendor == Vendor::Other, "{place}");
            for text in guidance.steps.iter().chain([&guidance.recommended]) {
                assert!(!text.contains("  ") && !text.trim().is_empty(), "{place}: {text}");
            }
        }
    }

    #[test]
    fn every_guide_page_that_is_named_exists() {
        for (vendor, kind) in choices() {
            if let Some(page) = guidance(vendor, kind).guide {
                let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/guide/{page}.md"));
                assert!(file.is_file(), "{vendor:?} {kind:?}: {}", file.display());
            }
        }
    }

    #[test]
    fn an_ecr_login_is_said_to_live_twelve_hours() {
        for kind in [Authentication::Basic, Authentication::DockerConfig] {
            assert!(guidance(Vendor::Ecr, kind).recommended.contains("12 hours"));
        }
        assert_eq!(Vendor::Ecr.token_hours(), Some(12));
    }

    /// What the guidance tells people to enter must pass the checks: the user names that it writes out do.
    #[test]
    fn user_names_that_are_written_out_are_taken() {
        use crate::domain::{clock::Time, registries::check_login};
        for (vendor, username) in
            [(Vendor::Ecr, "AWS"), (Vendor::Google, "_json_key"), (Vendor::Quay, "acme+puller"), (Vendor::Harbor, "robot$acme+puller")]
        {
            assert!(guidance(vendor, Authentication::Basic).username_help.contains(username), "{vendor:?}");
            let problems = check_login(vendor, "registry.example.com", username, &"".to_owned().into(), Time(0)).unwrap_err();
            assert!(problems.of("username").is_none(), "{problems:?}");
        }
    }
}
