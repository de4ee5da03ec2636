//! Whose registry a host is, by its name alone, and whether a host fits the vendor that was chosen.
//! Takes canonical hosts; never resolves them.

use super::Vendor;
use crate::domain::{images::DOCKER_HUB, problem::Problem};

/// Amazon's registry of public images, which is not one of an account.
const ECR_PUBLIC: &str = "public.ecr.aws";

/// Where the login servers of Azure's clouds end.
const AZURE: [&str; 3] = [".azurecr.io", ".azurecr.cn", ".azurecr.us"];

/// Hosts of Google's earlier Container Registry, served by Artifact Registry.
const GCR: [&str; 4] = ["gcr.io", "us.gcr.io", "eu.gcr.io", "asia.gcr.io"];

/// Where the hosts of Amazon's partitions end, after the region: those of IPv4, then those of both IP versions.
const ECR: [&str; 5] = [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".on.aws", ".on.amazonwebservices.com.cn"];

impl Vendor {
    /// The vendor that a canonical host can only belong to; `None` for hosts that anyone may have.
    pub fn of_host(host: &str) -> Option<Self> {
        let name = host.strip_suffix(":443").unwrap_or(host);
        match name {
            DOCKER_HUB => Some(Self::DockerHub),
            "ghcr.io" => Some(Self::Ghcr),
            "quay.io" => Some(Self::Quay),
            "registry.gitlab.com" => Some(Self::GitLab),
            _ if is_azure(name) => Some(Self::Azure),
            _ if is_google(name) => Some(Self::Google),
            _ if is_ecr(name) => Some(Self::Ecr),
            _ => None,
        }
    }

    /// How many hours a login to the vendor lives at most, where it can't be made to live longer.
    pub fn token_hours(self) -> Option<u32> {
        (self == Self::Ecr).then_some(12)
    }
}

/// Checks that a canonical host can be one of the vendor's. The problem's field is `host`.
pub fn check_host(vendor: Vendor, host: &str) -> Result<(), Problem> {
    match (vendor, Vendor::of_host(host)) {
        (Vendor::DockerHub | Vendor::Ghcr, _) => match vendor.fixed_host() {
            Some(fixed) if fixed != host => {
                refuse(format!("{} has one host: write {fixed}, or choose Other registry for {host}.", vendor.label()))
            }
            _ => Ok(()),
        },
        (_, Some(known)) if known == vendor => without_port(host),
        (_, Some(known)) => {
            refuse(format!("{host} belongs to {}. Choose that vendor, or write the host of your {}.", known.label(), noun(vendor)))
        }
        (Vendor::Azure, None) => refuse(format!(
            "{host} is not a host of Azure Container Registry. Write the registry's login server, such as myregistry.azurecr.io; az acr \
             show --name NAME --query loginServer prints it."
        )),
        (Vendor::Google, None) => refuse(format!(
            "{host} is not a host of Google Artifact Registry. Write the location's host, such as europe-west3-docker.pkg.dev; project \
             and repository belong to the image."
        )),
        (Vendor::Ecr, None) if host == ECR_PUBLIC => refuse(format!(
            "{host} has public images only. Choose Other registry with Public, or write the host of your account's registry."
        )),
        (Vendor::Ecr, None) => refuse(format!(
            "{host} is not a host of Amazon Elastic Container Registry. Write account and region, such as \
             123456789012.dkr.ecr.eu-west-1.amazonaws.com."
        )),
        (Vendor::Quay | Vendor::Harbor | Vendor::GitLab | Vendor::Other, None) => Ok(()),
    }
}

/// A vendor's own host with its port written out would be another registry than the one in image references.
fn without_port(host: &str) -> Result<(), Problem> {
    match host.strip_suffix(":443") {
        Some(name) => refuse(format!("Image references name this registry without the port: write {name}.")),
        None => Ok(()),
    }
}

fn noun(vendor: Vendor) -> &'static str {
    if vendor == Vendor::Other { "own registry" } else { vendor.label() }
}

fn refuse(message: String) -> Result<(), Problem> {
    Err(Problem::new("host", "host_of_another_vendor", message))
}

/// `<name>.azurecr.io`; data endpoints have more parts and answer no logins.
fn is_azure(name: &str) -> bool {
    let registry = AZURE.iter().find_map(|end| name.strip_suffix(end));
    registry.is_some_and(|registry| !registry.is_empty() && !registry.contains('.'))
}

/// `<location>-docker.pkg.dev`, and the hosts of Container Registry.
fn is_google(name: &str) -> bool {
    let location = name.strip_suffix("-docker.pkg.dev");
    GCR.contains(&name) || location.is_some_and(|location| !location.is_empty() && !location.contains('.'))
}

/// `<account>.dkr.ecr.<region>.amazonaws.com`, with `ecr-fips` for FIPS 140 and `dkr-ecr` for both IP versions.
fn is_ecr(name: &str) -> bool {
    let Some((account, rest)) = name.split_once('.') else { return false };
    let Some(rest) = ["dkr.ecr.", "dkr.ecr-fips.", "dkr-ecr.", "dkr-ecr-fips."].iter().find_map(|start| rest.strip_prefix(start)) else {
        return false;
    };
    let region = ECR.iter().find_map(|end| rest.strip_suffix(end)).filter(|region| !region.is_empty() && !region.contains('.'));
    account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) && region.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_tell_their_vendor() {
        for (host, vendor) in [
            ("docker.io", Some(Vendor::DockerHub)),
            ("ghcr.io", Some(Vendor::Ghcr)),
            ("ghcr.io:443", Some(Vendor::Ghcr)),
            ("ghcr.io:5000", None),
            ("quay.io", Some(Vendor::Quay)),
            ("registry.gitlab.com", Some(Vendor::GitLab)),
            ("acme.azurecr.io", Some(Vendor::Azure)),
            ("acme-d7gxd5dwa3hkcyg4.azurecr.us", Some(Vendor::Azure)),
            ("acme.azurecr.cn", Some(Vendor::Azure)),
            ("azurecr.io", None),
            ("acme.westeurope.data.azurecr.io", None),
            ("europe-west3-docker.pkg.dev", Some(Vendor::Google)),
            ("europe-docker.pkg.dev", Some(Vendor::Google)),
            ("eu.gcr.io", Some(Vendor::Google)),
            ("mirror.gcr.io", None),
            ("europe-west3-npm.pkg.dev", None),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", Some(Vendor::Ecr)),
            ("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", Some(Vendor::Ecr)),
            ("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", Some(Vendor::Ecr)),
            ("123456789012.dkr-ecr.eu-west-1.on.aws", Some(Vendor::Ecr)),
            ("123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", Some(Vendor::Ecr)),
            ("12345678901.dkr.ecr.eu-west-1.amazonaws.com", None),
            ("123456789012.dkr.ecr.amazonaws.com", None),
            ("api.ecr.eu-west-1.amazonaws.com", None),
            (ECR_PUBLIC, None),
            ("registry.example.com:5000", None),
        ] {
            assert_eq!(Vendor::of_host(host), vendor, "{host}");
        }
    }

    #[test]
    fn a_host_fits_its_vendor_or_the_sentence_names_the_right_one() {
        for (vendor, host, expected) in [
            (Vendor::DockerHub, "docker.io", None),
            (Vendor::DockerHub, "registry.example.com", Some("write docker.io")),
            (Vendor::Ghcr, "ghcr.io:443", Some("write ghcr.io,")),
            (Vendor::Azure, "acme.azurecr.io", None),
            (Vendor::Azure, "acme.azurecr.io:443", Some("write acme.azurecr.io.")),
            (Vendor::Azure, "acme.example.com", Some("login server")),
            (Vendor::Azure, "ghcr.io", Some("belongs to GitHub Container Registry")),
            (Vendor::Google, "europe-west3-docker.pkg.dev", None),
            (Vendor::Google, "pkg.dev", Some("location's host")),
            (Vendor::Ecr, "123456789012.dkr.ecr.eu-west-1.amazonaws.com", None),
            (Vendor::Ecr, "ecr.amazonaws.com", Some("account and region")),
            (Vendor::Ecr, ECR_PUBLIC, Some("public images only")),
            (Vendor::Quay, "quay.io", None),
            (Vendor::Quay, "quay.example.com", None),
            (Vendor::Harbor, "quay.io", Some("belongs to Quay")),
            (Vendor::GitLab, "registry.gitlab.com", None),
            (Vendor::GitLab, "registry.example.com", None),
            (Vendor::Other, "registry.example.com:5000", None),
            (Vendor::Other, "docker.io", Some("belongs to Docker Hub. Choose that vendor, or write the host of your own registry.")),
            (Vendor::Other, ECR_PUBLIC, None),
        ] {
            match (check_host(vendor, host), expected) {
                (Ok(()), None) => {}
                (Err(problem), Some(part)) => assert!(problem.field == "host" && problem.message.contains(part), "{}", problem.message),
                (outcome, _) => panic!("{vendor:?} at {host}: {outcome:?}"),
            }
        }
    }

    #[test]
    fn the_vendors_own_hosts_fit_them() {
        for vendor in Vendor::ALL {
            assert!(vendor.fixed_host().is_none_or(|host| check_host(vendor, host).is_ok()));
            assert!(vendor.host_form().contains('<') || check_host(vendor, vendor.host_form()).is_ok(), "{vendor:?}");
        }
    }
}
