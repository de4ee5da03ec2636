//! A registry client that answers by script and notes what it was asked.

use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

use async_trait::async_trait;
use secrecy::ExposeSecret as _;

use crate::domain::{
    images::ImageReference,
    registries::client::{Access, CheckReport, ImageFacts, RegistryClient, RegistryProblem, SignIn, TagList},
};

/// A digest or why there is none; `None` = never answers.
type Answer = Option<Result<String, RegistryProblem>>;

/// Fails the test that asks what no answer was written for.
#[derive(Default)]
pub(crate) struct ScriptedRegistry {
    /// By image, in order; the last one stays.
    digests: Mutex<HashMap<String, VecDeque<Answer>>>,
    checks: Mutex<VecDeque<Result<(), RegistryProblem>>>,
    tags: Mutex<VecDeque<Result<TagList, RegistryProblem>>>,
    facts: Mutex<VecDeque<Result<ImageFacts, RegistryProblem>>>,
    asked: Mutex<Vec<Asked>>,
}

/// A call, and the login it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// `resolve registry.example.com/acme/greeter:1.0`, `check registry.example.com`; `inspect <image> on linux/arm64, ...`
    pub(crate) what: String,
    pub(crate) login: Option<(String, String)>,
}

impl ScriptedRegistry {
    /// The next answer for an image; the last one written stays for good.
    pub(crate) fn answers(&self, image: &str, answer: Result<&str, RegistryProblem>) {
        self.script(image, Some(answer.map(str::to_owned)));
    }

    /// The next question about an image gets no answer.
    pub(crate) fn hangs(&self, image: &str) {
        self.script(image, None);
    }

    fn script(&self, image: &str, answer: Answer) {
        self.digests.lock().unwrap().entry(image.to_owned()).or_default().push_back(answer);
    }

    fn next_digest(&self, image: &str) -> Answer {
        let mut digests = self.digests.lock().unwrap();
        let answers = digests.get_mut(image).unwrap_or_else(|| panic!("nobody is expected to ask for {image}"));
        if answers.len() > 1 { answers.pop_front().unwrap() } else { answers[0].clone() }
    }

    /// The next outcome of a connection test.
    pub(crate) fn answers_check(&self, outcome: Result<(), RegistryProblem>) {
        self.checks.lock().unwrap().push_back(outcome);
    }

    /// The next list of tags, or why there is none.
    pub(crate) fn answers_tags(&self, answer: Result<TagList, RegistryProblem>) {
        self.tags.lock().unwrap().push_back(answer);
    }

    /// What the next image says about itself, or why it can't be looked at.
    pub(crate) fn answers_inspect(&self, answer: Result<ImageFacts, RegistryProblem>) {
        self.facts.lock().unwrap().push_back(answer);
    }

    /// All calls so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn note(&self, what: String, access: &Access) {
        let login = access.login.as_ref().map(|login| (login.username.clone(), login.password.expose_secret().to_owned()));
        self.asked.lock().unwrap().push(Asked { what, login });
    }
}

#[async_trait]
impl RegistryClient for ScriptedRegistry {
    async fn check(&self, access: &Access, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        let place = repository.map_or_else(|| access.host.clone(), |repository| format!("{}/{repository}", access.host));
        self.note(format!("check {place}"), access);
        let outcome = self.checks.lock().unwrap().pop_front();
        let outcome = outcome.unwrap_or_else(|| panic!("no test of {place} is expected"));
        let sign_in = if access.login.is_some() { SignIn::Password } else { SignIn::Anonymous };
        outcome.map(|()| CheckReport { sign_in, may_pull: repository.is_some(), pulls: None })
    }

    async fn tags(&self, access: &Access, repository: &str, _: usize) -> Result<TagList, RegistryProblem> {
        self.note(format!("tags {}/{repository}", access.host), access);
        let list = self.tags.lock().unwrap().pop_front();
        list.unwrap_or_else(|| panic!("nobody is expected to ask {} for tags", access.host))
    }

    async fn resolve(&self, access: &Access, image: &ImageReference) -> Result<String, RegistryProblem> {
        self.note(format!("resolve {image}"), access);
        match self.next_digest(&image.to_string()) {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    async fn inspect(&self, access: &Access, image: &ImageReference, platforms: &[String]) -> Result<ImageFacts, RegistryProblem> {
        let on = if platforms.is_empty() { String::new() } else { format!(" on {}", platforms.join(", ")) };
        self.note(format!("inspect {image}{on}"), access);
        let facts = self.facts.lock().unwrap().pop_front();
        facts.unwrap_or_else(|| panic!("nobody is expected to inspect {image}"))
    }
}
