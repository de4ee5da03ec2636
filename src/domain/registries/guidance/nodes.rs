//! Access of the cluster's nodes themselves: what must be true of them.

use super::{Guidance, Vendor};

pub(super) fn guidance(vendor: Vendor) -> Guidance {
    match vendor {
        Vendor::Azure => AZURE,
        Vendor::Google => GOOGLE,
        Vendor::Ecr => ECR,
        _ => OTHER,
    }
}

const AZURE: Guidance = Guidance {
    recommended: "Recommended on AKS. The identity of the cluster's nodes pulls, and no secret is kept anywhere. The console itself \
                  can't look into the registry: tags are typed and not checked before a deployment.",
    steps: &[
        "Attach the registry to the cluster: az aks update --resource-group GROUP --name CLUSTER --attach-acr REGISTRY",
        "Where role assignments go by repository (ABAC), assign Container Registry Repository Reader instead; the guide says how.",
        "Check it: az aks check-acr --resource-group GROUP --name CLUSTER --acr REGISTRY.azurecr.io",
    ],
    username_help: "",
    password_help: "",
    link: Some((
        "Microsoft: Container Registry and AKS",
        "https://learn.microsoft.com/en-us/azure/aks/cluster-container-registry-integration",
    )),
    guide: Some("nodes-acr"),
};

const GOOGLE: Guidance = Guidance {
    recommended: "Recommended on GKE. The service account of the cluster's nodes pulls, and no secret is kept anywhere. The console \
                  itself can't look into the registry: tags are typed and not checked before a deployment.",
    steps: &[
        "Find the nodes' service account: gcloud container clusters describe CLUSTER --location LOCATION --format \
         'value(nodePools[].config.serviceAccount)'",
        "Let it read: gcloud artifacts repositories add-iam-policy-binding REPOSITORY --location LOCATION --member \
         serviceAccount:ACCOUNT --role roles/artifactregistry.reader",
    ],
    username_help: "",
    password_help: "",
    link: Some(("Google: deploying to GKE", "https://cloud.google.com/artifact-registry/docs/integrate-gke")),
    guide: Some("nodes-artifact-registry"),
};

const ECR: Guidance = Guidance {
    recommended: "Recommended on EKS. The IAM role of the cluster's nodes pulls, and no secret is kept anywhere. The console itself \
                  can't look into the registry: tags are typed and not checked before a deployment.",
    steps: &[
        "Attach the policy to the nodes' role: aws iam attach-role-policy --role-name NODE_ROLE --policy-arn \
         arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
        "For a registry of another account, let that role's account pull in each repository's policy too.",
    ],
    username_help: "",
    password_help: "",
    link: Some(("AWS: ECR images with EKS", "https://docs.aws.amazon.com/AmazonECR/latest/userguide/ECR_on_EKS.html")),
    guide: Some("nodes-ecr"),
};

const OTHER: Guidance = Guidance {
    recommended: "For clusters whose nodes can pull by themselves, by a credential provider of the kubelet or by the runtime's own \
                  configuration. The console itself can't look into the registry: tags are typed and not checked before a deployment.",
    steps: &[
        "Ask the cluster's operator that the kubelet of every node has a credential provider for this host, or the runtime a login.",
        "Check it: kubectl run pull-test --image HOST/REPOSITORY:TAG --restart=Never",
    ],
    username_help: "",
    password_help: "",
    link: Some((
        "Kubernetes: kubelet credential provider",
        "https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/",
    )),
    guide: Some("register-a-registry"),
};
