//! User name and token: where each vendor makes one that may only pull.

use super::{Guidance, Vendor};

pub(super) fn guidance(vendor: Vendor) -> Guidance {
    match vendor {
        Vendor::DockerHub => DOCKER_HUB,
        Vendor::Ghcr => GHCR,
        Vendor::Azure => AZURE,
        Vendor::Google => GOOGLE,
        Vendor::Ecr => ECR,
        Vendor::Quay => QUAY,
        Vendor::Harbor => HARBOR,
        Vendor::GitLab => GITLAB,
        Vendor::Other => OTHER,
    }
}

const DOCKER_HUB: Guidance = Guidance {
    recommended: "Docker recommends an access token instead of the account's password. For a team, make it for the organization, so \
                  that it outlives people.",
    steps: &[
        "Sign in at app.docker.com and open Account settings, Personal access tokens; for an organization, Admin Console, Access tokens.",
        "Press Generate new token, choose an expiration and the permission Read-only (public images alone: Public Repo Read-only).",
        "Copy the token: it is shown once.",
    ],
    username_help: "Your Docker ID, not the e-mail address; for an organization's token, the organization's name.",
    password_help: "The token, which starts with dckr_pat_ or dckr_oat_.",
    link: Some(("Docker: access tokens", "https://docs.docker.com/security/access-tokens/")),
    guide: Some("register-a-registry"),
};

const GHCR: Guidance = Guidance {
    recommended: "GitHub takes a personal access token (classic) here, and no account password. Make it from an account that stays, \
                  such as one for machines.",
    steps: &[
        "On GitHub, open Settings, Developer settings, Personal access tokens, Tokens (classic), and press Generate new token (classic).",
        "Choose an expiration and the one scope read:packages.",
        "If the organization asks for single sign-on, press Configure SSO beside the token and authorize it.",
        "Copy the token: it is shown once.",
    ],
    username_help: "The name of the GitHub account that made the token.",
    password_help: "The token, which starts with ghp_. The token of a workflow run ends with the run and is of no use here.",
    link: Some((
        "GitHub: working with the Container registry",
        "https://docs.github.com/en/packages/working-with-a-github-packages-registry/working-with-the-container-registry",
    )),
    guide: Some("register-a-registry"),
};

const AZURE: Guidance = Guidance {
    recommended: "On AKS, Vendor-specific is better: it needs no secret. Elsewhere, a service principal or a token of the registry that \
                  may only pull.",
    steps: &[
        "Service principal: az ad sp create-for-rbac --name slipway-pull --role AcrPull --scopes $(az acr show --name REGISTRY --query \
         id --output tsv)",
        "In a registry whose role assignments go by repository (ABAC), the role is Container Registry Repository Reader.",
        "Or a token of the registry: az acr token create --name slipway-pull --registry REGISTRY --scope-map _repositories_pull",
        "A service principal's password ends after a year unless it was made with another --years: enter the day under Expires on.",
    ],
    username_help: "The service principal's appId, or the token's name.",
    password_help: "The password that the command printed. What az acr login --expose-token prints lives 3 hours.",
    link: Some((
        "Microsoft: pull images with a pull secret",
        "https://learn.microsoft.com/en-us/azure/container-registry/container-registry-auth-kubernetes",
    )),
    guide: Some("nodes-acr"),
};

const GOOGLE: Guidance = Guidance {
    recommended: "On GKE, Vendor-specific is better: Google advises against keys, as they don't end. Elsewhere, the key of a service \
                  account that may only pull.",
    steps: &[
        "gcloud iam service-accounts create slipway-pull --project PROJECT",
        "gcloud artifacts repositories add-iam-policy-binding REPOSITORY --project PROJECT --location LOCATION --member \
         serviceAccount:slipway-pull@PROJECT.iam.gserviceaccount.com --role roles/artifactregistry.reader",
        "gcloud iam service-accounts keys create key.json --iam-account slipway-pull@PROJECT.iam.gserviceaccount.com",
        "Paste the content of key.json and delete the file.",
    ],
    username_help: "_json_key for a key, _json_key_base64 for base64 of one, oauth2accesstoken for an access token.",
    password_help: "The whole JSON key; line breaks are taken out. An access token lives an hour.",
    link: Some(("Google: authentication for Docker", "https://cloud.google.com/artifact-registry/docs/docker/authentication")),
    guide: Some("nodes-artifact-registry"),
};

const ECR: Guidance = Guidance {
    recommended: "Vendor-specific is the one that lasts. ECR has no static login: a password lives 12 hours, and after that pulls fail \
                  until the secret is replaced. Good for a trial.",
    steps: &[
        "Use an identity with the policy AmazonEC2ContainerRegistryPullOnly.",
        "aws ecr get-login-password --region REGION",
        "Enter what it prints, and replace it before the time named under Expires on.",
    ],
    username_help: "AWS, always.",
    password_help: "What aws ecr get-login-password prints, about 2,000 characters. Not an access key.",
    link: Some(("AWS: private registry authentication", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html")),
    guide: Some("nodes-ecr"),
};

const QUAY: Guidance = Guidance {
    recommended: "Quay recommends a robot account: it belongs to the organization and has only the rights it was given.",
    steps: &[
        "Open the organization, Robot Accounts, and press Create Robot Account.",
        "Give it Read on the repositories that are to be pulled.",
        "Open the robot and copy user name and token from Kubernetes Secret or Docker Login.",
    ],
    username_help: "The robot's whole name, such as acme+puller.",
    password_help: "The robot's token. For a person's account, an encrypted password from its settings.",
    link: Some(("Quay: robot accounts", "https://docs.quay.io/glossary/robot-accounts.html")),
    guide: Some("register-a-registry"),
};

const HARBOR: Guidance = Guidance {
    recommended: "Harbor recommends a robot account of the project. It ends after the days set there, 30 unless changed.",
    steps: &[
        "Open the project, Robot Accounts, and press New Robot Account.",
        "Choose an expiration and, under Repository, the permission Pull.",
        "Copy the secret: it is shown once. Enter the day under Expires on.",
    ],
    username_help: "The robot's whole name, such as robot$acme+puller.",
    password_help: "The robot's secret.",
    link: Some((
        "Harbor: project robot accounts",
        "https://goharbor.io/docs/2.13.0/working-with-projects/project-configuration/create-robot-accounts/",
    )),
    guide: Some("register-a-registry"),
};

const GITLAB: Guidance = Guidance {
    recommended: "GitLab recommends a deploy token: it belongs to the project or group, not to a person.",
    steps: &[
        "Open the project or group, Settings, Repository, Deploy tokens, and press Add token.",
        "Choose the one scope read_registry and, if you like, an expiration date.",
        "Copy user name and token: the token is shown once.",
    ],
    username_help: "The deploy token's user name, such as gitlab+deploy-token-7.",
    password_help: "The deploy token. The token of a CI job ends with the job and is of no use here.",
    link: Some(("GitLab: deploy tokens", "https://docs.gitlab.com/user/project/deploy_tokens/")),
    guide: Some("register-a-registry"),
};

const OTHER: Guidance = Guidance {
    recommended: "A user or token that may only pull. The nodes of the cluster get it, so give it no more than that.",
    steps: &["Make a user or token with the right to pull at the registry.", "Try it: docker login HOST"],
    username_help: "As docker login takes it.",
    password_help: "As docker login takes it.",
    link: None,
    guide: Some("register-a-registry"),
};
